import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import { awsLocation, regionalArn } from "tweets-to-s3/constructs/aws/aws-location";
import { Network } from "tweets-to-s3/constructs/network/network";
import { AWS_PROVIDER_RANGE } from "tweets-to-s3/constructs/terraform/provider-range";
import { Ingestion } from "tweets-to-s3/ingestion/ingestion";

const location = awsLocation("111111111111", "eu-west-1");
const logRetentionDays = 30;

/** An ingester in a network of another team, started every quarter of an hour, with an existing image and token. */
class ExistingVpcStack extends TerraformStack {
  constructor(app: App) {
    super(app, "existing-vpc");
    new AwsProvider(this, "aws", { region: location.region, allowedAccountIds: [location.accountId] });
    this.addOverride("terraform.required_providers.aws.version", AWS_PROVIDER_RANGE);
    const vpc = new TerraformVariable(this, "vpc_id", { type: "string", description: "VPC to run in." });
    const subnets = new TerraformVariable(this, "subnet_ids", {
      type: "list(string)",
      description: "Private subnets of that VPC, with routes to X and to AWS.",
    });
    new Ingestion(this, "cats", {
      location,
      name: "cats",
      bucketName: "example-cats-111111111111",
      streamName: "cats",
      image: "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tweets-prod-ecr:0.1.0",
      repositoryArn: regionalArn(location, "ecr", "repository/tweets-prod-ecr"),
      token: { secretArn: regionalArn(location, "secretsmanager", "secret:tweets-prod-x-token") },
      settings: { source: { mode: "search", query: "cats lang:en" }, monthlyUsdLimit: 25 },
      network: new Network(this, "network", {
        mode: "existing",
        vpcId: vpc.stringValue,
        subnetIds: subnets.listValue,
        location,
        networkName: "cats",
        logRetentionDays,
      }),
      worker: {
        cpu: 256,
        memoryMiB: 512,
        cpuArchitecture: "ARM64",
        run: { mode: "schedule", expression: "rate(15 minutes)" },
      },
      logRetentionDays,
      monitoring: { topicArn: regionalArn(location, "sns", "on-call"), noPostsMinutes: 1440 },
    });
  }
}

const app = new App();
new ExistingVpcStack(app);
app.synth();
