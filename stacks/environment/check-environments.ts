import type { IConstruct } from "constructs";
import type { Problem } from "../constructs/checks/check";
import { connectionText, sharedConnections } from "../ingestion/stream-connections";
import type { EnvironmentConfig } from "./environment";
import { ENVIRONMENT_RULES } from "./environment-rules";
import { namesOf } from "./naming";

/** All problems of the environments; the message is shown without a stack trace. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";

  constructor(readonly problems: readonly string[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super(
      `${count} in the configuration; nothing was written:\n${problems.map((line) => `  - ${line}`).join("\n")}`,
    );
  }
}

/** Environment files by path, as shown in messages. */
export type EnvironmentFiles = Readonly<Record<string, EnvironmentConfig>>;

/**
 * @param typeProblems TypeScript's errors for the files: rules may throw on values of wrong types
 * @throws ConfigurationError naming every wrong value with its file and path
 */
export function checkEnvironments(files: EnvironmentFiles, typeProblems: readonly string[] = []): void {
  const problems = [...typeProblems, ...valueProblems(files, typeProblems.length === 0)];
  if (problems.length > 0) throw new ConfigurationError(problems);
}

function valueProblems(files: EnvironmentFiles, areTyped: boolean): string[] {
  const found = Object.entries(files).flatMap(([file, config]) =>
    ENVIRONMENT_RULES.flatMap((rule) => attempt(areTyped, () => rule(config))).map((each) =>
      describe(file, each),
    ),
  );
  const shared = attempt(areTyped, () =>
    [...sharedNames(files), ...sharedStreams(files), ...wrongOrders(files)].map((text) => ({
      path: "",
      text,
    })),
  );
  return [...found, ...shared.map(({ text }) => text)];
}

/** A rule may throw on a value of a wrong type. TypeScript has reported the value, unless a cast hides it. */
function attempt(areTyped: boolean, rule: () => Problem[]): Problem[] {
  try {
    return rule();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return areTyped
      ? [{ path: "", text: `holds a value of another type than its field's: ${error.message}` }]
      : [];
  }
}

function describe(file: string, { path, text }: Problem): string {
  return [`${file}:`, path, text].filter(Boolean).join(" ");
}

/** Two environments in one account and region would write to the same stream, or manage the same stacks. */
function sharedNames(files: EnvironmentFiles): string[] {
  const owners = new Map<string, string>();
  return Object.entries(files).flatMap(([file, config]) => {
    const { stream, dataStack } = namesOf(config);
    const claims = {
      [`stack ${dataStack}`]: "environment",
      [`stream ${place(config)}/${stream}`]: "delivery.streamName",
    };
    return Object.entries(claims).flatMap(([claim, path]) => {
      const owner = owners.get(claim);
      owners.set(claim, owner ?? file);
      if (owner === undefined) return [];
      return [`${file}: ${path} gives the ${claim}, which ${owner} has already. Choose another.`];
    });
  });
}

/** Two environments that would listen to the filtered stream with one token. */
function sharedStreams(files: EnvironmentFiles): string[] {
  const listeners = Object.entries(files).map(([name, config]) => ({
    name,
    secretArn: namesOf(config).tokenSecretArn,
    settings: config.ingester,
    worker: config.worker,
  }));
  return sharedConnections(listeners).map(
    (shared) => `${shared.listener.name}: token.secretArn ${connectionText(shared)}`,
  );
}

/** Workflows apply in two steps: those without `after`, then those with. */
function wrongOrders(files: EnvironmentFiles): string[] {
  const first = Object.values(files).flatMap(({ environment, github }) =>
    github && github.after === undefined ? [environment] : [],
  );
  return Object.entries(files).flatMap(([file, { github }]) => {
    if (github?.after === undefined || first.includes(github.after)) return [];
    const allowed = first.length > 0 ? `one of ${first.join(", ")}` : "left out: no such environment exists";
    return [
      `${file}: github.after must be ${allowed}, got ${JSON.stringify(github.after)}. It names an environment that has a section "github" without \`after\`.`,
    ];
  });
}

function place({ accountId, region }: EnvironmentConfig): string {
  return `${accountId}/${region}`;
}

/** Runs every construct's own checks before anything is written. @throws ConfigurationError */
export function checkTree(app: IConstruct): void {
  const problems = app.node
    .findAll()
    .flatMap(({ node }) => node.validate().map((message) => `${node.path}: ${message}`));
  if (problems.length > 0) throw new ConfigurationError(problems);
}
