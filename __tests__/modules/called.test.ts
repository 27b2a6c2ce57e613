import { watchedOf } from "../../ingester/src/commands/stream-task";
import { loadConfig } from "../../ingester/src/config/config";
import { RUN, X_BEARER_TOKEN } from "../contract/both-sides";
import type { Plan, ResourceChange } from "../helpers/plan";
import { describeWithTerraform } from "../helpers/terraform";
import { callerPlan, committedModules, moduleTests } from "./caller";

const TEN_MINUTES = 600_000;
const DOCUMENTS = ["assume_role_policy", "container_definitions", "dashboard_body", "policy"];

/** Addresses of a module's own resources, as its document has them: those of a service with one query. */
function addressesOf(name: string): string[] {
  const { resource } = JSON.parse(committedModules().get(`${name}/main.tf.json`) ?? "{}");
  const types = Object.entries(
    resource as Record<string, Record<string, { readonly count?: string; readonly for_each?: string }>>,
  );
  return types
    .flatMap(([type, byId]) =>
      Object.entries(byId).flatMap(([id, { count, for_each }]) => {
        if (for_each !== undefined) return [];
        if (count === undefined) return [`${type}.${id}`];
        return count.includes("== null ? 1") ? [`${type}.${id}[0]`] : [];
      }),
    )
    .sort();
}

describeWithTerraform("an HCL root that calls every module twice, by for_each", () => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await callerPlan();
  }, TEN_MINUTES);

  const created = (prefix: string) =>
    plan.resource_changes.filter(
      ({ address, change }) => address.startsWith(prefix) && change.actions.join() === "create",
    );
  const only = (prefix: string, type: string): ResourceChange => {
    const [found] = created(prefix).filter((each) => each.type === type);
    if (!found) throw new Error(`No ${type} in ${prefix}`);
    return found;
  };
  const environment = (prefix: string): Record<string, string> => {
    const { container_definitions } = only(prefix, "aws_ecs_task_definition").change.after;
    const [{ environment: pairs }] = JSON.parse(String(container_definitions));
    return Object.fromEntries(pairs.map((pair: Record<string, string>) => [pair.name, pair.value]));
  };

  it.each([
    ["ingestion", "ingestion"],
    ["delivery-stream", "delivery_stream"],
    ["fargate-worker", "fargate_worker"],
  ])("creates every resource of %s, once for each key", (name, call) => {
    for (const key of ["cats", "climate"]) {
      const prefix = `module.${call}["${key}"].`;
      const own = created(prefix).map(({ address }) => address.slice(prefix.length));
      expect(own.sort()).toEqual(addressesOf(name));
    }
  });

  it("gives the two calls names of their own", () => {
    const names = ["cats", "climate"].map(
      (key) => only(`module.ingestion["${key}"].`, "aws_ecs_cluster").change.after.name,
    );
    expect(names).toEqual(["whole-cats", "whole-climate"]);
  });

  it("hands variables to the ingester as text, a query of quotes and templates unchanged", () => {
    expect(environment('module.ingestion["cats"].')).toMatchObject({
      SEARCH_QUERY: 'cats OR 猫 "two\twords" \\ \\n\n \u0024{HOME} $\u0024{x} %{if} <&>',
      MONTHLY_POST_LIMIT: "1000",
      LIMIT_SCOPE: "own",
      SEARCH_POLL_SECONDS: "60",
      FIREHOSE_STREAM_NAME: "whole-cats",
      CHECKPOINT_TABLE: "whole-cats-checkpoint",
    });
    expect(environment('module.fargate_worker["climate"].')).toMatchObject({
      SEARCH_QUERY: '"climate change" lang:en',
      MONTHLY_POST_LIMIT: "500",
      LIMIT_SCOPE: "project",
      SEARCH_POLL_SECONDS: "30",
      FIREHOSE_STREAM_NAME: "parts-climate",
      CHECKPOINT_TABLE: "parts-checkpoint",
      CHECKPOINT_KEY: "climate",
    });
  });

  it.each([
    ["queries", ["posts/cats", "posts/dogs", "posts/a.b-c"]],
    ["stream", ["posts (filtered stream)"]],
  ])("runs an ingester that takes its %s, and whose metrics have the keys of the alarms", (source, keys) => {
    const prefix = `module.ingestion_of["${source}"].`;
    const config = loadConfig({ ...environment(prefix), X_BEARER_TOKEN }, RUN);
    const { source: read, queries } = config;
    const lag = created(prefix).filter(({ address }) => /alarms_lag(_further\[.*\])?$/.test(address));
    const dimensions = lag.map(({ change }) => change.after.dimensions as { CheckpointKey: string });

    expect(read.mode === "stream" ? read.rules : queries.map(({ query }) => query)).toEqual(
      source === "stream"
        ? [
            { value: 'cats "\u0024{x}"', tag: "pets" },
            { value: "from:nasa", tag: "nasa" },
          ]
        : ["cats", "dogs \u0024{x}", "birds"],
    );
    expect(dimensions.map(({ CheckpointKey }) => CheckpointKey).sort()).toEqual([...keys].sort());
    expect(watchedOf(config, { type: "ongoing", start: "now", pollMs: 0 }).map(({ key }) => key)).toEqual(
      keys,
    );
  });

  it("adds what only Terraform knows: lateness counts from the buffering interval, lag from the pause", () => {
    const alarm = (id: string) =>
      created('module.ingestion["cats"].').find(({ address }) => address.endsWith(`alarms_${id}`));
    expect(alarm("delivery_late")?.change.after.threshold).toBe(300 + 15 * 60);
    expect(alarm("lag")?.change.after).toMatchObject({
      threshold: 60 + 30 * 60,
      dimensions: { CheckpointKey: "posts" },
    });
  });

  it("shows people what the caller wrote, unchanged", () => {
    const { alarm_description } = only('module.ingestion["cats"].', "aws_cloudwatch_metric_alarm").change
      .after;
    expect(alarm_description).toContain('What to do: \u0024{HOME} %{if} "runbook" \\ 猫\n<&>#');
  });

  it("shows every document before anything is created", () => {
    const hidden = [...created("module.ingestion["), ...created("module.delivery_stream[")].filter(
      // A bucket only reports its policy, which a resource of its own sets.
      ({ type, change }) =>
        type !== "aws_s3_bucket" && DOCUMENTS.some((name) => change.after_unknown[name] === true),
    );
    expect(hidden.map(({ address }) => address)).toEqual([]);
  });

  it(
    "gets everything wrong at once, in the words of the bounds",
    async () => {
      const wrong = callerPlan({ buffering_size_mib: 129, search_poll_seconds: 1.5, monthly_post_limit: 9 });
      const message = await wrong.then(String, (error: Error) => error.message.replace(/[\s│]+/g, " "));

      expect(message).toContain(
        "buffering_size_mib must be a whole number from 1 to 128 MiB, got 129. Firehose delivers at this size",
      );
      expect(message).toContain(
        "search_poll_seconds must be a whole number from 0 to 86400 seconds, got 1.5.",
      );
      expect(message).toContain(
        "monthly_post_limit must be a whole number from 10 to 1000000000000 posts, got 9. Allow at least X's smallest page",
      );
    },
    TEN_MINUTES,
  );
});

describeWithTerraform("the tests and examples that a module brings", () => {
  it.each(["delivery-stream", "fargate-worker", "ingestion"])(
    "pass for %s on a mocked provider",
    async (name) => {
      expect(await moduleTests(name)).toMatch(/\d+ passed, 0 failed/);
    },
    TEN_MINUTES,
  );
});
