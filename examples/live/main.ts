import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { awsLocation, regionalArn } from "tweets-to-s3/constructs/aws/aws-location";
import { Network } from "tweets-to-s3/constructs/network/network";
import { AWS_PROVIDER_RANGE } from "tweets-to-s3/constructs/terraform/provider-range";
import { Ingestion } from "tweets-to-s3/ingestion/ingestion";

const location = awsLocation("111111111111", "eu-west-1");
const logRetentionDays = 30;

/** Posts as they are made: one connection to X, and search for what an interruption has missed. */
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
      // Of an X app of its own: X allows one connection for an app.
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
      // Quiet nights are no failure, and a hole of more than half an hour is.
      monitoring: { email: "on-call@example.com", noPostsMinutes: 720, holeMinutes: 30 },
    });
  }
}

const app = new App();
new LiveStack(app);
app.synth();
