import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { awsLocation, regionalArn } from "tweets-to-s3/constructs/aws/aws-location";
import { Network } from "tweets-to-s3/constructs/network/network";
import { AWS_PROVIDER_RANGE } from "tweets-to-s3/constructs/terraform/provider-range";
import { Ingestion } from "tweets-to-s3/ingestion/ingestion";

const location = awsLocation("111111111111", "eu-west-1");
const logRetentionDays = 30;

/** What to collect, and how much each may buy in a billing cycle. */
const topics = {
  cats: { query: "cats lang:en", monthlyPostLimit: 1_000 },
  climate: { query: '"climate change" lang:en', monthlyPostLimit: 10_000 },
};

/** Two collections side by side: one network, one image, one token; streams, buckets and limits of their own. */
class TwoTopicsStack extends TerraformStack {
  constructor(app: App) {
    super(app, "two-topics");
    new AwsProvider(this, "aws", { region: location.region, allowedAccountIds: [location.accountId] });
    this.addOverride("terraform.required_providers.aws.version", AWS_PROVIDER_RANGE);
    const network = new Network(this, "network", {
      mode: "public",
      availabilityZones: ["eu-west-1a", "eu-west-1b"],
      location,
      networkName: "topics",
      logRetentionDays,
    });
    for (const [topic, { query, monthlyPostLimit }] of Object.entries(topics)) {
      new Ingestion(this, topic, {
        location,
        name: topic,
        bucketName: `example-${topic}-111111111111`,
        streamName: topic,
        image: "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tweets-prod-ecr:0.1.0",
        repositoryArn: regionalArn(location, "ecr", "repository/tweets-prod-ecr"),
        token: { secretArn: regionalArn(location, "secretsmanager", "secret:tweets-prod-x-token") },
        // Both topics are paid from the same X project: the limit must not count the other topic's posts.
        settings: { source: { mode: "search", query }, monthlyPostLimit, limitScope: "own" },
        network,
        worker: { cpu: 256, memoryMiB: 512, cpuArchitecture: "ARM64" },
        logRetentionDays,
        monitoring: { topicArn: regionalArn(location, "sns", "on-call") },
      });
    }
  }
}

const app = new App();
new TwoTopicsStack(app);
app.synth();
