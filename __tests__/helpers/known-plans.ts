import { nasty } from "../plain-text/nasty";
import { type Plan, plansAmong } from "./plan";
import { type Synthesized, synthesize, synthesizeAll, synthesizeVariants } from "./synth";

let stacks: readonly Synthesized[] | undefined;

/** Every stack as shipped, those of the variants, and those with nasty texts: what several test files plan. */
function knownStacks(): readonly Synthesized[] {
  stacks ??= [
    ...synthesizeAll(),
    ...synthesizeVariants(),
    ...nasty.flatMap(({ config }) => Object.values(synthesize(config))),
  ];
  return stacks;
}

/** The offline plan of each of these known stacks, in their order. @throws Error if one is not known */
export async function knownPlans(wanted: readonly Pick<Synthesized, "stackName">[]): Promise<Plan[]> {
  const names = wanted.map(({ stackName }) => stackName);
  const plans = await plansAmong(knownStacks(), names);
  return names.map((name) => {
    const plan = plans.get(name);
    if (!plan) throw new Error(`${name} is not among the known stacks`);
    return plan;
  });
}
