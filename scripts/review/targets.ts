import type { TerraformJson } from "./terraform-json";

/** One stack that a workflow plans with a role. */
export interface PlanTarget {
  readonly stack: string;
  readonly environment: string;
  readonly region: string;
  /** ARN of the role to plan with. */
  readonly role: string;
}

/** One environment that a workflow applies. */
export interface ApplyTarget {
  readonly environment: string;
  readonly region: string;
  /** ARN of the role to apply with. */
  readonly role: string;
  /** Environment that is applied first, where there is one. */
  readonly after?: string;
  /** Stack names in the order to apply them, with spaces between. */
  readonly stacks: string;
}

/** What workflows have to do, read from what was synthesized: no second list to keep. */
export interface Targets {
  readonly all: readonly string[];
  readonly online: readonly PlanTarget[];
  readonly offline: readonly string[];
  readonly environments: readonly ApplyTarget[];
}

/** What must exist first comes first. */
const ORDER = ["registry", "data", "ingester"];

/** A stack's environment has a pipeline if its registry stack gives out the ARNs of the pipeline's roles. */
export function targetsOf(stacks: ReadonlyMap<string, TerraformJson>): Targets {
  const environments = [...stacks.values()].flatMap((stack) => pipelineOf(stack, [...stacks.keys()]));
  const online = environments.flatMap(({ plan, apply }) =>
    apply.stacks.split(" ").map((stack) => ({ stack, ...place(apply), role: plan })),
  );
  const all = [...stacks.keys()];
  return {
    all,
    online,
    offline: all.filter((name) => !online.some(({ stack }) => stack === name)),
    environments: environments.map(({ apply }) => apply),
  };
}

interface Pipeline {
  readonly plan: string;
  readonly apply: ApplyTarget;
}

function pipelineOf(stack: TerraformJson, names: readonly string[]): Pipeline[] {
  const output = stack.output as Readonly<Record<string, { value: string }>> | undefined;
  const plan = output?.github_plan_role_arn?.value;
  const role = output?.github_apply_role_arn?.value;
  if (plan === undefined || role === undefined) return [];
  const { region, environment, prefix } = identityOf(stack);
  const own = ORDER.map((kind) => `${prefix}-${kind}`).filter((name) => names.includes(name));
  const after = output?.github_apply_after?.value;
  const apply = { environment, region, role, stacks: own.join(" "), ...(after ? { after } : {}) };
  return [{ plan, apply }];
}

/** Every stack's provider says where it is, and tags what it makes. */
function identityOf(stack: TerraformJson) {
  const { aws } = stack.provider as {
    aws: [{ region: string; default_tags: [{ tags: { app: string; environment: string } }] }];
  };
  const [{ region, default_tags }] = aws;
  const { app, environment } = default_tags[0].tags;
  return { region, environment, prefix: `${app}-${environment}` };
}

function place({ environment, region }: ApplyTarget) {
  return { environment, region };
}
