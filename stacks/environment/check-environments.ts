import type { IConstruct } from "constructs";
import type { Problem } from "../constructs/checks/check";
import type { EnvironmentConfig } from "./environment";
import { environmentFields } from "./environment-fields";
import { areSound, environmentRules, NAME_FIELDS } from "./environment-rules";
import { namesOf } from "./naming";

/** Everything wrong with the environments, at once; its message is meant for a person, without a stack trace. */
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

/** @throws ConfigurationError naming every wrong value with its file and path. */
export function checkEnvironments(files: EnvironmentFiles): void {
  const checked = Object.entries(files).map(([file, config]) => ({
    file,
    config,
    wrong: environmentProblems(config),
  }));
  const named = checked.filter(({ wrong }) => areSound(NAME_FIELDS, wrong));
  const problems = [
    ...checked.flatMap(({ file, wrong }) => wrong.map((each) => describe(file, each))),
    ...sharedNames(named),
  ];
  if (problems.length > 0) throw new ConfigurationError(problems);
}

function environmentProblems(config: EnvironmentConfig): Problem[] {
  const wrong = environmentFields(config);
  return [...wrong, ...environmentRules(config, wrong)];
}

function describe(file: string, { path, text }: Problem): string {
  return [`${file}:`, path, text].filter(Boolean).join(" ");
}

/** Two environments in one account and region would write to the same stream, or fight for the same stacks. */
function sharedNames(
  files: readonly { readonly file: string; readonly config: EnvironmentConfig }[],
): string[] {
  const owners = new Map<string, string>();
  return files.flatMap(({ file, config }) => {
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
