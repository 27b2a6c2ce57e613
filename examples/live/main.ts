import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { awsLocation, regionalArn } from "tweets-to-s3/constructs/aws/aws-location";
import { Network } from "tweets-to-s3/constructs/network/network";
import { AWS_PROVIDER_RANGE } from "tweets-to-s3/constructs/terraform/provider-range";
import { Ingestion } from "tweets-to-s3/ingestion/ingestion";

const location = awsLocation("111111111111", "eu-west-1");
const logRetentionDays = 30;

/** The filtered stream: one connection to X; search buys the posts that an interruption has missed. */
class LiveStack extends TerraformStack {
  constructor(app: App) {
    super(app, "live");
    new AwsProvider(this, "aws", { region: location.region, allowedAccountIds: [location.accountId] });
    this.addOverride("terraform.required_providers.aws.version", AWS_PROVIDER_RANGE);
    new Ingestion(this, "pets", {
      location,
      name: "pets",
      bucketName: "example-pets-111111111111",
      streamName: "pets",
      image: "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tweets-prod-ecr:0.1.0",
      repositoryArn: regionalArn(location, "ecr", "repository/tweets-prod-ecr"),
      // The token of a separate X app: X allows one connection for an app.
      token: { secretArn: regionalArn(location, "secretsmanager", "secret:pets-x-token") },
      settings: {
        source: {
          mode: "stream",
          rules: [
            { value: "(cats OR dogs) lang:en -is:retweet sample:10", tag: "pets" },
            { value: "from:WWF", tag: "wwf" },
          ],
        },
        monthlyUsdLimit: 50,
      },
      network: new Network(this, "network", {
        mode: "public",
        availabilityZones: ["eu-west-1a", "eu-west-1b"],
        location,
        networkName: "pets",
        logRetentionDays,
      }),
      worker: { cpu: 512, memoryMiB: 1024, cpuArchitecture: "ARM64" },
      logRetentionDays,
      // Nights without posts are normal. A hole of more than half an hour is not.
      monitoring: { email: "on-call@example.com", noPostsMinutes: 720, holeMinutes: 30 },
    });
  }
}

const app = new App();
new LiveStack(app);
app.synth();
