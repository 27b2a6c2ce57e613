import { loadConfig } from "../ingester/src/config";
import { EXPANSIONS as expansionCosts } from "../ingester/src/expansions";
import { checkEnvironments } from "../stacks/check-environments";
import { EXPANSIONS, ingesterEnvironment } from "../stacks/ingester-settings";
import { environmentWith } from "./helpers/environment";
import { containersOf, shippedEnvironments, synthesize } from "./helpers/synth";
import { variants } from "./helpers/variants";

/** What the stacks know and an environment file does not say. */
const TARGETS = {
  region: "eu-west-1",
  stream: "tweet_stream",
  checkpointTable: "table",
  metricsNamespace: "",
  runOnce: false,
};

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

  it.each(Object.values(variants))("is accepted in variant $environment", (environment) => {
    expect(() => loadConfig(containerEnvironment(environment))).not.toThrow();
  });

  it("holds no variable that the ingester does not know", () => {
    const known = [
      "AWS_REGION CHECKPOINT_KEY CHECKPOINT_TABLE EXPANSIONS FIREHOSE_STREAM_NAME HTTP_PORT INGEST_MODE",
      "LOG_LEVEL METRICS_NAMESPACE MONTHLY_POST_LIMIT MONTHLY_USD_LIMIT POST_FIELDS RUN_ONCE SEARCH_POLL_SECONDS",
      "SEARCH_QUERY SEARCH_START SHUTDOWN_SECONDS STREAM_RULES X_API_URL X_BEARER_TOKEN",
    ].flatMap((line) => line.split(" "));
    for (const environment of [...shippedEnvironments, ...Object.values(variants)]) {
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

describe("an environment file", () => {
  const search = (changes: object) => ({ source: { mode: "search", query: "cats", ...changes } });
  const wrong: [string, object][] = [
    ["a query of 513 characters", search({ query: "a".repeat(513) })],
    ["a pause of more than a day", search({ pollSeconds: 86_401 })],
    ["a start that is no time", search({ start: "yesterday" })],
    ["a mode that is not offered", { source: { mode: "stream", query: "cats" } }],
    ["an expansion that X does not know", { expansions: ["everything"] }],
    ["a post field in capitals", { postFields: ["Text"] }],
    ["plain http to a stranger", { xApiUrl: "http://example.com" }],
    ["credentials in a URL", { xApiUrl: "https://user:word@example.com" }],
    ["a port beyond the last", { httpPort: 65_536 }],
    ["a log level of its own", { logLevel: "loud" }],
    ["a limit of no dollars", { monthlyUsdLimit: -1 }],
  ];

  it.each(wrong)("with %s is refused by synth and by the ingester alike", (_case, ingester) => {
    const config = environmentWith({ ingester });
    expect(() => checkEnvironments({ "environments/test.ts": config })).toThrow(
      /environments\/test.ts: ingester\./,
    );
    const { X_BEARER_TOKEN = "", ...rest } = containerEnvironment(environmentWith());
    const own = ingesterEnvironment(config.ingester, TARGETS);
    expect(() =>
      loadConfig({ ...rest, ...own, INGEST_MODE: config.ingester.source.mode, X_BEARER_TOKEN }),
    ).toThrow();
  });

  it("may name exactly the expansions whose cost the ingester knows", () => {
    expect([...EXPANSIONS].sort()).toEqual(Object.keys(expansionCosts).sort());
  });
});
