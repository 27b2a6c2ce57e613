import { rmSync } from "node:fs";
import type { Synthesized } from "./synth";
import { init, terraform, workspace } from "./terraform";
import { answered } from "./terraform-answers";

/** The part of `terraform show -json` that tests look at. */
export interface Plan {
  readonly resource_changes: readonly ResourceChange[];
}

export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly after: Readonly<Record<string, unknown>>;
    readonly after_unknown: Readonly<Record<string, unknown>>;
  };
}

/** A stack as text: JSON or HCL. */
export type StackText = Pick<Synthesized, "stackName" | "json"> | HclStack;

export interface HclStack {
  readonly stackName: string;
  readonly hcl: string;
}

/** What an offline plan needs on top of a stack; a file of its own, as a person would do it. */
const OFFLINE = JSON.stringify({
  provider: {
    aws: {
      access_key: "dummy",
      secret_key: "dummy",
      // The account cannot be asked for, so it cannot be compared.
      allowed_account_ids: [],
      skip_credentials_validation: true,
      skip_metadata_api_check: "true",
      skip_requesting_account_id: true,
    },
  },
});

/** Every stack starts a provider, whose 700 MB of code they share; a plan of its own takes seconds to begin and to show. */
const STACKS_AT_ONCE = 30;

/**
 * `terraform init`, `plan` (which validates first) and `show` of synthesized stacks, one plan for each. Some stacks
 * are planned in one run, as modules of an empty root: most of a run's time goes into starting it. No two have one name.
 */
export async function offlinePlans(stacks: readonly StackText[]): Promise<Plan[]> {
  return (await twoAtATime(groupsOf(stacks), planTogether)).flat();
}

/**
 * Plans of the wanted stacks by name, made in the groups that all stacks are planned in: test files that share the
 * stacks share the answers.
 */
export async function plansAmong(
  all: readonly StackText[],
  wanted: readonly string[],
): Promise<ReadonlyMap<string, Plan>> {
  const groups = groupsOf(all).filter((group) => group.some(({ stackName }) => wanted.includes(stackName)));
  const plans = (await twoAtATime(groups, planTogether)).flat();
  return new Map(groups.flat().map(({ stackName }, index) => [stackName, plans[index] as Plan]));
}

function groupsOf(stacks: readonly StackText[]): StackText[][] {
  const groups: StackText[][] = [];
  for (let start = 0; start < stacks.length; start += STACKS_AT_ONCE) {
    groups.push(stacks.slice(start, start + STACKS_AT_ONCE));
  }
  return groups;
}

async function planTogether(stacks: readonly StackText[]): Promise<Plan[]> {
  const together: Plan = JSON.parse(
    await answered(["plan", OFFLINE, ...stacks.map(textOf)], () => runPlan(stacks)),
  );
  return stacks.map(({ stackName }) => {
    const prefix = `module.${stackName}.`;
    const own = together.resource_changes.filter(({ address }) => address.startsWith(prefix));
    return { resource_changes: own.map((each) => ({ ...each, address: each.address.slice(prefix.length) })) };
  });
}

async function runPlan(stacks: readonly StackText[]): Promise<string> {
  const directory = workspace({
    "main.tf.json": rootOf(stacks),
    ...Object.fromEntries(
      stacks.flatMap((stack) => [stackFile(stack), [`${stack.stackName}/offline_override.tf.json`, OFFLINE]]),
    ),
  });
  try {
    await init(directory);
    await terraform(directory, "plan", "-input=false", "-lock=false", "-no-color", "-out=plan");
    return await terraform(directory, "show", "-json", "plan");
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Path and text of the one file that a stack is. */
export function stackFile(stack: StackText): [path: string, text: string] {
  return [`${stack.stackName}/${"hcl" in stack ? "cdk.tf" : "cdk.tf.json"}`, textOf(stack)];
}

function textOf(stack: StackText): string {
  return "hcl" in stack ? stack.hcl : stack.json;
}

/** A root that does nothing but call every stack, each in a directory of its name. */
export function rootOf(stacks: readonly Pick<StackText, "stackName">[]): string {
  const modules = stacks.map(({ stackName }) => [stackName, { source: `./${stackName}` }]);
  return JSON.stringify({ module: Object.fromEntries(modules) });
}

/** Runs tasks two at a time, for two cores. */
export async function twoAtATime<Input, Output>(
  inputs: readonly Input[],
  task: (input: Input) => Promise<Output>,
): Promise<Output[]> {
  const results: Output[] = [];
  const queue = inputs.entries();
  const worker = async () => {
    for (const [index, input] of queue) results[index] = await task(input);
  };
  await Promise.all([worker(), worker()]);
  return results;
}
