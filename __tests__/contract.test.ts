import { type IngesterConfig, loadConfig } from "../ingester/src/config/config";
import type { EnvironmentConfig } from "../stacks/environment/environment";
import type { IngesterSettings } from "../stacks/ingestion/settings";
import {
  containerEnvironment,
  ingesterConfig,
  ingesterProblems,
  RUN,
  synthProblems,
  type Unchecked,
} from "./contract/both-sides";
import { environmentWith, searchOf } from "./helpers/environment";
import { shippedEnvironments, synthesize } from "./helpers/synth";
import { variants } from "./helpers/variants";

const environments: readonly EnvironmentConfig[] = [...shippedEnvironments, ...Object.values(variants)];

const QUERY = '"climate change" OR \\ \t%{if} \u0024{HOME} "天気" lang:en';

/** A value other than the default for every setting, with what the ingester makes of it: the compiler asks for all. */
const SETTINGS: {
  readonly [Key in keyof Required<IngesterSettings>]: readonly [
    value: IngesterSettings[Key],
    read: (config: IngesterConfig) => unknown,
    expected: unknown,
  ];
} = {
  source: [
    { mode: "search", query: QUERY, pollSeconds: 90, start: "2026-01-31T00:00:00Z" },
    ({ queries, search: { pollMs, start } }) => [queries.map(({ query }) => query), pollMs, start],
    [[QUERY], 90_000, Date.UTC(2026, 0, 31)],
  ],
  monthlyPostLimit: [90, ({ budget }) => budget.terms.limits.monthlyPosts, 90],
  monthlyUsdLimit: [12.5, ({ budget }) => budget.terms.limits.monthlyUsd, 12.5],
  limitScope: ["own", ({ budget }) => budget.terms.scope, "own"],
  ledgerKey: ["team-1", ({ store }) => store, expect.objectContaining({ ledgerKey: "team-1" })],
  billingCycleDay: [15, ({ budget }) => budget.cycleDay, 15],
  deduplicates: [false, ({ budget }) => budget.terms.deduplicates, false],
  postFields: [["id", "text"], ({ search }) => search.postFields, ["id", "text"]],
  expansions: [["author_id"], ({ search }) => search.expansions, ["author_id"]],
  checkpointKey: ["a key", ({ queries }) => queries.map(({ key }) => key), ["a key"]],
  xApiUrl: ["https://x.example.com", ({ x }) => x.apiUrl, "https://x.example.com"],
  httpPort: [9000, ({ http }) => http.port, 9000],
  metricsNamespace: ["Own/Space", ({ metricsNamespace }) => metricsNamespace, "Own/Space"],
  logLevel: ["warn", ({ logLevel }) => logLevel, "warn"],
  shutdownSeconds: [30, ({ shutdownMs }) => shutdownMs, 30_000],
};

function withEverySetting(): EnvironmentConfig {
  const settings = Object.fromEntries(Object.entries(SETTINGS).map(([name, [value]]) => [name, value]));
  return { ...environmentWith({ environment: "every-setting" }), ingester: settings as never };
}

describe("the environment that the stacks give to the ingester", () => {
  it.each(environments)("is accepted by `run` in $environment", (environment) => {
    const { firehose } = ingesterConfig(environment);
    expect(firehose.target).toMatchObject({ streamName: "tweet_stream", region: environment.region });
  });

  it("is refused without the secret", () => {
    const { X_BEARER_TOKEN: _, ...withoutToken } = containerEnvironment(
      synthesize(environmentWith()).ingester,
    );
    expect(() => loadConfig(withoutToken, RUN)).toThrow(/X_BEARER_TOKEN/);
  });

  it.each([...environments, withEverySetting()])(
    "holds no variable that the ingester does not read in $environment",
    (environment) => {
      const variables = containerEnvironment(synthesize(environment).ingester);
      const read = new Set<string>();
      const recorded = new Proxy(variables, {
        get: (target, name) => {
          read.add(String(name));
          return target[String(name)];
        },
      });
      loadConfig(recorded, RUN);
      expect(Object.keys(variables).filter((name) => !read.has(name))).toEqual([]);
    },
  );

  it("holds no optional variable that has not been set", () => {
    expect(Object.keys(containerEnvironment(synthesize(environmentWith()).ingester)).sort()).toEqual([
      "AWS_REGION",
      "CHECKPOINT_TABLE",
      "FIREHOSE_STREAM_NAME",
      "HTTP_PORT",
      "INGEST_MODE",
      "LOG_LEVEL",
      "METRICS_NAMESPACE",
      "MONTHLY_POST_LIMIT",
      "SEARCH_POLL_SECONDS",
      "SEARCH_QUERY",
      "SEARCH_START",
      "SHUTDOWN_SECONDS",
      "X_BEARER_TOKEN",
    ]);
  });
});

describe("a setting of an environment file", () => {
  const config = ingesterConfig(withEverySetting());
  const plain = ingesterConfig(environmentWith());

  it.each(Object.entries(SETTINGS))("reaches the ingester: %s", (_name, [, read, expected]) => {
    expect(read(config)).toEqual(expected);
    // One that the ingester assumes anyway would prove nothing.
    expect(read(plain)).not.toEqual(expected);
  });

  it("reaches the ingester as a list of queries, whatever their text", () => {
    const { queries = [] } = searchOf(variants.queries);
    expect(queries.length).toBeGreaterThan(3);
    expect(ingesterConfig(variants.queries).queries.map(({ name, query }) => ({ name, query }))).toEqual(
      queries,
    );
  });

  it("reaches the ingester as no limit at all, if that is what it says", () => {
    const { budget } = ingesterConfig(
      environmentWith({ ingester: { monthlyPostLimit: "none", monthlyUsdLimit: "none" } }),
    );
    expect(budget.terms.limits).toEqual({});
  });

  it("is refused by synth and by the ingester alike when it is wrong", () => {
    const search = (changes: object) => ({ source: { mode: "search", query: "cats", ...changes } });
    const wrong: readonly Unchecked[] = [
      search({ pollSeconds: 86_401 }),
      search({ pollSeconds: -1 }),
      search({ start: "yesterday" }),
      { expansions: ["everything"] },
      { postFields: ["Text"] },
      { xApiUrl: "http://example.com" },
      { xApiUrl: "https://user:word@example.com" },
      { httpPort: 65_536 },
      { logLevel: "loud" },
      { limitScope: "team" },
      { ledgerKey: "a/b" },
      { ledgerKey: "a".repeat(65) },
      { billingCycleDay: 0 },
      { billingCycleDay: 32 },
      { billingCycleDay: 1.5 },
      { checkpointKey: "猫" },
      { shutdownSeconds: 121 },
    ];
    const right = { ...search({}), monthlyPostLimit: 1_000 };
    expect([synthProblems(right), ingesterProblems(right)]).toEqual([[], []]);
    for (const changes of wrong) {
      const settings = { ...right, ...changes };
      expect([changes, synthProblems(settings)]).toEqual([
        changes,
        [expect.stringMatching(/^test.ts: ingester\./)],
      ]);
      expect([changes, ingesterProblems(settings)]).toEqual([changes, [expect.any(String)]]);
    }
  });
});
