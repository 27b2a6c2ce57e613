import { type Problem, problem, under } from "../constructs/checks/check";
import { networkProblems } from "../constructs/network/rules";
import { DEFAULT_STOP_TIMEOUT_SECONDS } from "../constructs/worker/props";
import { DEFAULT_HTTP_PORT, DEFAULT_SHUTDOWN_SECONDS } from "../ingestion/settings";
import { catalogRules } from "./catalog-rules";
import type { EnvironmentConfig } from "./environment";
import { isWithin } from "./field-checks";

interface Rule {
  /** Fields that it looks at: with one of them wrong by itself, it is left out. */
  readonly needs: readonly string[];
  readonly check: (config: EnvironmentConfig) => Problem[];
}

/** What the names of an environment are made of. */
export const NAME_FIELDS = [
  "app",
  "environment",
  "accountId",
  "region",
  "delivery.streamName",
  "token.secretArn",
];

const RULES: readonly Rule[] = [
  {
    needs: ["network", "region"],
    check: ({ network, region }) => under("network", networkProblems(network, region)),
  },
  { needs: ["github", "state"], check: githubProblems },
  { needs: ["kmsKeyArn", "region"], check: keyProblems },
  { needs: ["worker.stopTimeoutSeconds", "ingester.shutdownSeconds"], check: stopProblems },
  { needs: ["catalog", "delivery"], check: (config) => under("delivery", catalogRules(config)) },
  { needs: ["worker.sidecars", "ingester.httpPort"], check: portProblems },
];

/** Rules between the sections of an environment; `wrong` are the problems of single fields. */
export function environmentRules(config: EnvironmentConfig, wrong: readonly Problem[]): Problem[] {
  return RULES.filter(({ needs }) => areSound(needs, wrong)).flatMap(({ check }) => check(config));
}

/** Whether none of the fields, nothing in them and nothing around them is wrong. */
export function areSound(fields: readonly string[], wrong: readonly Problem[]): boolean {
  return !fields.some((field) => wrong.some(({ path }) => isWithin(path, field) || isWithin(field, path)));
}

/** A workflow starts on an empty machine: a state file there would be forgotten, with all it knows. */
function githubProblems({ github, state }: EnvironmentConfig): Problem[] {
  if (github === undefined || state?.kind === "s3") return [];
  return [
    problem("state", {
      allowed: 'in a bucket where there is a section "github"',
      got: state?.kind ?? "local",
      fix: 'Set `state: { kind: "s3", bucket: "..." }` and move the state: docs/github.md.',
    }),
  ];
}

/** A key serves its own region only. */
function keyProblems({ kmsKeyArn, region }: EnvironmentConfig): Problem[] {
  if (kmsKeyArn === undefined || kmsKeyArn.split(":")[3] === region) return [];
  return [
    problem("kmsKeyArn", { allowed: `a key of ${region}`, got: kmsKeyArn, fix: "Use a key of the region." }),
  ];
}

/** The ingester must have stopped by itself before it is killed. */
function stopProblems({ worker, ingester }: EnvironmentConfig): Problem[] {
  const killed = worker.stopTimeoutSeconds ?? DEFAULT_STOP_TIMEOUT_SECONDS;
  const stopped = ingester.shutdownSeconds ?? DEFAULT_SHUTDOWN_SECONDS;
  if (stopped < killed) return [];
  const allowed = `more than ingester.shutdownSeconds (${stopped})`;
  return [
    problem("worker.stopTimeoutSeconds", { allowed, got: killed, fix: "Else posts in flight are lost." }),
  ];
}

/** Containers of a task share its ports. */
function portProblems({ worker, ingester }: EnvironmentConfig): Problem[] {
  const httpPort = ingester.httpPort ?? DEFAULT_HTTP_PORT;
  const taken = (worker.sidecars ?? []).some(({ ports }) => ports?.includes(httpPort));
  if (!taken) return [];
  return [
    problem("worker.sidecars", {
      allowed: "on ports of their own",
      got: httpPort,
      fix: "It is the ingester's.",
    }),
  ];
}
