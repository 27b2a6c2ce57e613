import { loadConfig } from "../ingester/src/config";
import { environmentWith } from "./helpers/environment";
import { containersOf, shippedEnvironments, synthesize } from "./helpers/synth";

/** What the ingester sees in its container: the plain values, and a value for each secret. */
function containerEnvironment(config: Parameters<typeof synthesize>[0]): Record<string, string> {
  const [container] = containersOf(synthesize(config).ingester);
  const plain = container?.environment.map(({ name, value }) => [name, value]) ?? [];
  const secrets = container?.secrets.map(({ name }) => [name, "AAAAAAAAAAAAAAAAAAAAA-secret"]) ?? [];
  return Object.fromEntries([...plain, ...secrets]);
}

describe("the environment that the stacks give to the ingester", () => {
  it.each(shippedEnvironments)("is accepted by its config loader in $environment", (environment) => {
    const config = loadConfig(containerEnvironment(environment));
    expect(config).toMatchObject({ firehose: { streamName: "tweet_stream" } });
  });

  it("is refused without the secret", () => {
    const { X_BEARER_TOKEN: _, ...withoutToken } = containerEnvironment(environmentWith());
    expect(() => loadConfig(withoutToken)).toThrow(/X_BEARER_TOKEN/);
  });

  it("holds no variable that the ingester does not know", () => {
    const known = [
      "AWS_REGION CHECKPOINT_KEY CHECKPOINT_TABLE EXPANSIONS FIREHOSE_STREAM_NAME HTTP_PORT INGEST_MODE",
      "LOG_LEVEL METRICS_NAMESPACE MONTHLY_POST_LIMIT MONTHLY_USD_LIMIT POST_FIELDS RUN_ONCE SEARCH_POLL_SECONDS",
      "SEARCH_QUERY SEARCH_START SHUTDOWN_SECONDS STREAM_RULES X_API_URL X_BEARER_TOKEN",
    ].flatMap((line) => line.split(" "));
    for (const environment of shippedEnvironments) {
      expect(known).toEqual(expect.arrayContaining(Object.keys(containerEnvironment(environment))));
    }
  });

  it("carries every setting of an environment file to the ingester", () => {
    const query = '"climate change" OR \\ \t%{if} \u0024{HOME} "天気" lang:en';
    const config = loadConfig(
      containerEnvironment(
        environmentWith({
          ingester: {
            source: { mode: "search", query, pollSeconds: 90 },
            monthlyUsdLimit: 12.5,
            httpPort: 9000,
          },
        }),
      ),
    );
    expect(config).toMatchObject({
      search: { query, pollMs: 90_000 },
      limits: { monthlyPosts: 500, monthlyUsd: 12.5 },
      checkpoint: { kind: "dynamodb", table: "tweets-test-checkpoint" },
    });
  });
});
