import type { EnvironmentConfig } from "../../stacks/environment/environment";
import { environmentWith } from "../helpers/environment";
import { type Synthesized, shippedEnvironments, synthesize } from "../helpers/synth";
import { variants } from "../helpers/variants";
import { exceptions } from "./exceptions";
import type { Exception, Resource, Rule } from "./rule";
import { accessRules } from "./rules/access";
import { deliveryRules } from "./rules/delivery";
import { networkRules } from "./rules/network";
import { registryRules } from "./rules/registry";
import { storageRules } from "./rules/storage";
import { taskRules } from "./rules/tasks";
import { watchingRules } from "./rules/watching";

export const rules: readonly Rule[] = [
  ...registryRules,
  ...storageRules,
  ...deliveryRules,
  ...taskRules,
  ...accessRules,
  ...networkRules,
  ...watchingRules,
];

/** How one rule fares over every environment and every mode. */
export interface Verdict {
  readonly rule: Rule;
  /** How many resources it looked at. */
  readonly checked: number;
  /** Broken without a listed reason. */
  readonly broken: readonly string[];
  /** Reasons listed, of those that were needed. */
  readonly excused: readonly Exception[];
}

/** A schedule without a key of one's own. */
const scheduled = environmentWith({
  environment: "scheduled",
  worker: { run: { mode: "schedule", expression: "rate(15 minutes)" } },
});

/** Everything that is shipped, and each mode and switch once: what checkov was run on, too. */
export const judged: readonly EnvironmentConfig[] = [
  ...shippedEnvironments,
  ...Object.values(variants),
  scheduled,
];

/** Every resource and data source of these. */
export function allResources(): Resource[] {
  return judged.flatMap((config) =>
    Object.values(synthesize(config)).flatMap((stack) => resourcesOf(stack, config)),
  );
}

function resourcesOf(stack: Synthesized, config: EnvironmentConfig): Resource[] {
  const sections = [
    { prefix: "", byType: stack.document.resource },
    { prefix: "data.", byType: stack.document.data ?? {} },
  ];
  return sections.flatMap(({ prefix, byType }) =>
    Object.entries(byType).flatMap(([type, byId]) =>
      Object.entries(byId).map(([id, attributes]) => ({
        stack,
        config,
        type: `${prefix}${type}`,
        id,
        attributes,
      })),
    ),
  );
}

export function evaluate(resources: readonly Resource[]): Verdict[] {
  return rules.map((rule) => {
    const looked = resources.filter(({ type }) => type === rule.on);
    const failing = looked.filter((resource) => !rule.holds(resource));
    const candidates = exceptions.filter(({ id }) => rule.ids.includes(id));
    const excuse = (resource: Resource) => candidates.find(({ where }) => where(resource));
    return {
      rule,
      checked: looked.length,
      broken: failing.filter((resource) => !excuse(resource)).map(addressOf),
      excused: candidates.filter((candidate) => failing.some((resource) => excuse(resource) === candidate)),
    };
  });
}

function addressOf({ stack, type, id }: Resource): string {
  return `${stack.stackName}: ${type}.${id}`;
}
