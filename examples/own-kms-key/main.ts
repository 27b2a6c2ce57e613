import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import {
  type AwsLocation,
  awsLocation,
  globalArn,
  regionalArn,
} from "tweets-to-s3/constructs/aws/aws-location";
import { Network } from "tweets-to-s3/constructs/network/network";
import { AWS_PROVIDER_RANGE } from "tweets-to-s3/constructs/terraform/provider-range";
import { Ingestion } from "tweets-to-s3/ingestion/ingestion";

const location = awsLocation("111111111111", "eu-west-1");
const logRetentionDays = 365;

/** One key of your own for posts, stream, ledger and logs. */
class OwnKeyStack extends TerraformStack {
  constructor(app: App) {
    super(app, "own-kms-key");
    new AwsProvider(this, "aws", { region: location.region, allowedAccountIds: [location.accountId] });
    this.addOverride("terraform.required_providers.aws.version", AWS_PROVIDER_RANGE);
    const kmsKeyArn = ownKey(this, location).arn;
    new Ingestion(this, "cats", {
      location,
      name: "cats",
      bucketName: "example-cats-111111111111",
      streamName: "cats",
      image: "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tweets-prod-ecr:0.1.0",
      repositoryArn: regionalArn(location, "ecr", "repository/tweets-prod-ecr"),
      token: { secretArn: regionalArn(location, "secretsmanager", "secret:tweets-prod-x-token") },
      settings: { source: { mode: "search", query: "cats lang:en" }, monthlyPostLimit: 10_000 },
      network: new Network(this, "network", {
        mode: "nat",
        availabilityZones: ["eu-west-1a", "eu-west-1b"],
        natGatewayZones: ["eu-west-1a"],
        flowLogs: true,
        location,
        networkName: "cats",
        logRetentionDays,
        kmsKeyArn,
      }),
      worker: { cpu: 256, memoryMiB: 512, cpuArchitecture: "ARM64" },
      logRetentionDays,
      kmsKeyArn,
    });
  }
}

/** The account's IAM policies can allow the use of the key, as grants do. CloudWatch Logs needs its own statement. */
function ownKey(stack: TerraformStack, { accountId, region, dnsSuffix }: AwsLocation): KmsKey {
  const policy = new DataAwsIamPolicyDocument(stack, "key_policy", {
    statement: [
      {
        sid: "OwnAccount",
        actions: ["kms:*"],
        resources: ["*"],
        principals: [{ type: "AWS", identifiers: [globalArn(location, "iam", "root")] }],
      },
      {
        sid: "EncryptLogs",
        actions: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        resources: ["*"],
        principals: [{ type: "Service", identifiers: [`logs.${region}.${dnsSuffix}`] }],
        condition: [
          {
            test: "ArnLike",
            variable: "kms:EncryptionContext:aws:logs:arn",
            values: [`arn:aws:logs:${region}:${accountId}:log-group:cats/*`],
          },
        ],
      },
    ],
  });
  return new KmsKey(stack, "key", {
    description: "Posts from X",
    policy: policy.json,
    enableKeyRotation: true,
  });
}

const app = new App();
new OwnKeyStack(app);
app.synth();
