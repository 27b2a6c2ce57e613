import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { awsLocation, regionalArn } from "tweets-to-s3/constructs/aws/aws-location";
import { Network } from "tweets-to-s3/constructs/network/network";
import { ImageRepository } from "tweets-to-s3/constructs/storage/image-repository";
import { TokenSecret } from "tweets-to-s3/constructs/storage/token-secret";
import { AWS_PROVIDER_RANGE } from "tweets-to-s3/constructs/terraform/provider-range";
import { Ingestion } from "tweets-to-s3/ingestion/ingestion";

const location = awsLocation("111111111111", "eu-west-1");
const logRetentionDays = 14;

/** Everything in one stack: push the image and put the token in before the service can start. */
class MinimalStack extends TerraformStack {
  constructor(app: App) {
    super(app, "minimal");
    new AwsProvider(this, "aws", { region: location.region, allowedAccountIds: [location.accountId] });
    this.addOverride("terraform.required_providers.aws.version", AWS_PROVIDER_RANGE);
    const repository = new ImageRepository(this, "repository", { repositoryName: "cats-ingester" });
    const token = new TokenSecret(this, "token", { secretName: "cats-x-token" });
    new Ingestion(this, "cats", {
      location,
      name: "cats",
      bucketName: "example-cats-111111111111",
      streamName: "cats",
      image: `${repository.repositoryUrl}:0.1.0`,
      repositoryArn: regionalArn(location, "ecr", "repository/cats-ingester"),
      token: { secretArn: regionalArn(location, "secretsmanager", `secret:${token.secretName}`) },
      settings: { source: { mode: "search", query: "cats lang:en" }, monthlyPostLimit: 1_000 },
      network: new Network(this, "network", {
        mode: "public",
        availabilityZones: ["eu-west-1a", "eu-west-1b"],
        location,
        networkName: "cats",
        logRetentionDays,
      }),
      worker: { cpu: 256, memoryMiB: 512, cpuArchitecture: "ARM64" },
      logRetentionDays,
    });
  }
}

const app = new App();
new MinimalStack(app);
app.synth();
