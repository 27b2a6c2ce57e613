import { rmSync } from "node:fs";
import { cached, init, terraform, workspace } from "./terraform";

/** The part of `terraform show -json` that tests look at. */
export interface Plan {
  readonly resource_changes: readonly ResourceChange[];
  readonly planned_values: unknown;
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
  terraform: { backend: { local: { path: "terraform.tfstate" } } },
});

/** `terraform init`, `plan` (which validates first) and `show` of one synthesized stack. */
export async function offlinePlan(stackJson: string): Promise<Plan> {
  const text = await cached(["plan", OFFLINE, stackJson], async () => {
    const directory = workspace({ "cdk.tf.json": stackJson, "offline_override.tf.json": OFFLINE });
    try {
      await init(directory);
      await terraform(directory, "plan", "-input=false", "-lock=false", "-no-color", "-out=plan");
      return await terraform(directory, "show", "-json", "plan");
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
  return JSON.parse(text) as Plan;
}

/** Runs tasks two at a time: each starts a provider of some hundred megabytes. */
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
