/**
 * Every command that documents show is checked by the program that takes it: the ingester's own parser, package.json,
 * the options of the local servers, the stacks' names, the operations of the AWS CLI. Blocks that run without an
 * account are run by readme.test.ts and __tests__/query/.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dev } from "../../environments/dev";
import { local } from "../../environments/local";
import { prod } from "../../environments/prod";
import { COMMAND_NAMES } from "../../ingester/src/cli/command";
import { parseInvocation } from "../../ingester/src/cli/parse";
import { ConfigError } from "../../ingester/src/loop/errors";
import { namesOf } from "../../stacks/environment/naming";
import { commandsIn, type SimpleCommand, shellBlocks } from "./helpers/shell";

const ROOT = join(__dirname, "../..");
const NOW = Date.parse("2026-11-27T12:00Z");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const scripts = (JSON.parse(read("package.json")) as { scripts: Readonly<Record<string, string>> }).scripts;

const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(ROOT, "docs")).flatMap((name) => (name.endsWith(".md") ? [`docs/${name}`] : [])),
  ...readdirSync(join(ROOT, "examples")).map((name) => `examples/${name}/README.md`),
];

/** Stack names, which documents write out or make of $NAME. */
const STACKS = [dev, prod, local].flatMap((environment) => {
  const { registryStack, dataStack, ingesterStack } = namesOf(environment);
  return [registryStack, dataStack, ingesterStack];
});

/** Operations of the AWS CLI v2 with the options that documents use; all but `logs tail`, which version 1 has not, were tried with the CLI itself. */
const AWS: Readonly<Record<string, readonly string[]>> = {
  "athena get-named-query": ["named-query-id"],
  "athena start-query-execution": ["work-group", "query-string", "execution-parameters"],
  "cloudtrail lookup-events": ["lookup-attributes", "max-results"],
  "cloudwatch set-alarm-state": ["alarm-name", "state-value", "state-reason"],
  "dynamodb put-item": ["table-name", "item", "condition-expression"],
  "ecs describe-services": ["cluster", "services"],
  "ecs describe-tasks": ["cluster", "tasks"],
  "ecs list-tasks": ["cluster", "desired-status"],
  "ecs update-service": ["cluster", "service", "force-new-deployment", "desired-count"],
  "firehose describe-delivery-stream": ["delivery-stream-name"],
  "firehose put-record": ["delivery-stream-name", "record"],
  "logs tail": ["since", "filter-pattern", "format", "log-stream-names"],
  "s3 cp": ["recursive"],
  "s3 ls": ["recursive"],
  "s3api create-bucket": ["bucket", "region", "create-bucket-configuration"],
  "s3api put-bucket-versioning": ["bucket", "versioning-configuration"],
  "scheduler get-schedule": ["group-name", "name"],
  "secretsmanager put-secret-value": ["secret-id", "secret-string"],
  "service-quotas list-service-quotas": ["service-code"],
};
const AWS_GLOBAL = ["query", "output"];

/** What the shell and its usual tools are trusted with. */
const TOOLS = new Set(
  "awk base64 cd cosign curl docker duckdb export find gh git gunzip head jq kill mkdir moto_server perl printf read sha256sum sleep tail xargs".split(
    " ",
  ),
);

function optionsIn(args: readonly string[]): readonly string[] {
  return args.flatMap((word) => /^--([a-z][a-z-]*)/.exec(word)?.[1] ?? []);
}

/** @returns what is wrong with it; empty: it would be taken */
function problemsOf({ program, args }: SimpleCommand): readonly string[] {
  switch (program) {
    case "ingester":
      return ingesterProblems(args);
    case "node":
      return args[0] === "ingester/dist/main.js" ? ingesterProblems(args.slice(1)) : [`node ${args[0]}`];
    case "npx":
      return npxProblems(args);
    case "npm":
      return npmProblems(args);
    case "aws":
      return awsProblems(args);
    case "terraform":
      return terraformProblems(args);
    case "xargs": {
      const at = args.findIndex((word) => !word.startsWith("-"));
      return problemsOf({ environment: {}, program: args[at] ?? "", args: args.slice(at + 1) });
    }
    default:
      return TOOLS.has(program) || /^\w+=/.test(program) ? [] : [`unknown program ${program}`];
  }
}

function ingesterProblems(args: readonly string[]): readonly string[] {
  try {
    parseInvocation(args, NOW);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.problems : [String(error)];
  }
}

function npxProblems([program, ...args]: readonly string[]): readonly string[] {
  if (program === "ingester") return ingesterProblems(args);
  if (program === "jest" || program === "biome") return [];
  if (program === "tsx") return args.slice(0, 1).filter((file) => !existsSync(join(ROOT, file)));
  if (program !== "cdktf" || args[0] !== "deploy") return [`npx ${program} ${args[0]}`];
  return args.slice(1).filter((stack) => !STACKS.includes(stack));
}

/** Options after `--` have to be named by the script's source. */
function npmProblems(args: readonly string[]): readonly string[] {
  const [verb, name = ""] = args.filter((word) => word !== "--silent");
  if (["audit", "ci", "install", "uninstall", "pack"].includes(verb ?? "")) return [];
  const script = scripts[verb === "run" ? name : (verb ?? "")];
  if (script === undefined) return [`no script ${verb} ${name}`];
  const own = args.includes("--") ? args.slice(args.indexOf("--") + 1) : [];
  const [, file = "package.json"] = /tsx (\S+)/.exec(script) ?? [];
  const source = read(file) + read("local/run/options.ts");
  return optionsIn(own).filter((option) => !new RegExp(`\\b"?${option}"?: \\{|"${option}"`).test(source));
}

function awsProblems([service, operation, ...args]: readonly string[]): readonly string[] {
  const known = AWS[`${service} ${operation}`];
  if (known === undefined) return [`aws ${service} ${operation} is not known`];
  return optionsIn(args).filter((option) => !known.includes(option) && !AWS_GLOBAL.includes(option));
}

function terraformProblems(args: readonly string[]): readonly string[] {
  const [directory] = args.flatMap((word) => /^-chdir=cdktf\.out\/stacks\/(.+)/.exec(word)?.[1] ?? []);
  const [verb = ""] = args.filter((word) => !word.startsWith("-"));
  const stack = directory?.replace("$NAME", "tweets-prod").replace("$stack", "data");
  const wrong = stack !== undefined && !STACKS.includes(stack) ? [`no stack ${stack}`] : [];
  return ["init", "plan", "apply", "destroy", "output", "state", "test"].includes(verb)
    ? wrong
    : [...wrong, verb];
}

const blocks = DOCUMENTS.flatMap((document) =>
  shellBlocks(read(document)).map((block, at) => [`${document}, block ${at + 1}`, block] as const),
);

describe("commands that documents show", () => {
  it("are found", () => expect(blocks.length).toBeGreaterThan(30));

  it.each(blocks)("are shell, and taken by their programs: %s", (_where, block) => {
    expect(commandsIn(block).flatMap((command) => problemsOf(command))).toEqual([]);
  });

  it("are shell in every block", () => {
    const { status, stderr } = spawnSync("bash", ["-n"], {
      input: blocks.map(([, block]) => block).join("\n"),
    });
    expect([status, String(stderr)]).toEqual([0, ""]);
  });

  it("are taken in the middle of a sentence, too", () => {
    const spans = DOCUMENTS.flatMap((document) =>
      [...read(document).matchAll(/`((?:ingester|npm|npx|aws|terraform) [^`\n]+)`/g)].map(
        ([, text = ""]) => text,
      ),
    );
    const isWhole = (text: string) => !/\.\.\.|USD|TEXT|KEY|--$/.test(text);
    const commands = spans.filter(isWhole).flatMap((text) => commandsIn(text));
    expect(commands.length).toBeGreaterThan(20);
    const named = commands.filter(({ program, args }) => program !== "ingester" || isCommand(args[0]));
    expect(
      named.flatMap((command) => problemsOf(command).map((text) => [command.args.join(" "), text])),
    ).toEqual([]);
  });
});

function isCommand(word = ""): boolean {
  return COMMAND_NAMES.some((name) => name === word);
}
