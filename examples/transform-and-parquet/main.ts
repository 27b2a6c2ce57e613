import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { awsLocation, regionalArn } from "tweets-to-s3/constructs/aws/aws-location";
import { Network } from "tweets-to-s3/constructs/network/network";
import { AWS_PROVIDER_RANGE } from "tweets-to-s3/constructs/terraform/provider-range";
import { Ingestion } from "tweets-to-s3/ingestion/ingestion";

const location = awsLocation("111111111111", "eu-west-1");
const logRetentionDays = 30;

/** Posts are formatted by the package's Lambda function, converted to Parquet, and also kept unchanged. */
class TransformAndParquetStack extends TerraformStack {
  constructor(app: App) {
    super(app, "transform-and-parquet");
    new AwsProvider(this, "aws", { region: location.region, allowedAccountIds: [location.accountId] });
    this.addOverride("terraform.required_providers.aws.version", AWS_PROVIDER_RANGE);
    new Ingestion(this, "cats", {
      location,
      name: "cats",
      bucketName: "example-cats-111111111111",
      streamName: "cats",
      image: "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tweets-prod-ecr:0.1.0",
      repositoryArn: regionalArn(location, "ecr", "repository/tweets-prod-ecr"),
      token: { secretArn: regionalArn(location, "secretsmanager", "secret:tweets-prod-x-token") },
      settings: { source: { mode: "search", query: "cats lang:en" }, monthlyPostLimit: 1_000 },
      transform: { archivePath: require.resolve("tweets-to-s3/transform.zip"), metricsNamespace: "cats" },
      catalog: { parquet: true },
      network: new Network(this, "network", {
        mode: "public",
        availabilityZones: ["eu-west-1a"],
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
new TransformAndParquetStack(app);
app.synth();
