import { type TerraformStack, Testing } from "cdktf";
import { dev } from "../../environments/dev";
import { local } from "../../environments/local";
import { prod } from "../../environments/prod";
import { DataStack } from "../../stacks/data-stack";
import type { EnvironmentConfig } from "../../stacks/environment/environment";
import { namesOf } from "../../stacks/environment/naming";
import { IngesterStack } from "../../stacks/ingester-stack";
import { RegistryStack } from "../../stacks/registry-stack";
import { variants } from "./variants";

export const shippedEnvironments: readonly EnvironmentConfig[] = [dev, prod, local];

/** Attributes of one resource, as Terraform will read them. */
export type Attributes = Readonly<Record<string, unknown>>;

/** A synthesized stack that can be asked for its resources. */
export class Synthesized {
  readonly json: string;
  readonly document: {
    readonly resource: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
    readonly data?: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
    readonly provider: { readonly aws: readonly Attributes[] };
    readonly terraform: Attributes;
  };

  constructor(
    readonly stackName: string,
    stack: TerraformStack,
  ) {
    this.json = Testing.synth(stack, true);
    this.document = JSON.parse(this.json);
  }

  /** All resources of a type, by logical id. */
  all(type: string): Readonly<Record<string, Attributes>> {
    return this.document.resource[type] ?? {};
  }

  /** The only resource of a type, or the one with this logical id. */
  one(type: string, logicalId?: string): Attributes {
    const found = Object.entries(this.all(type)).filter(
      ([id]) => logicalId === undefined || id === logicalId,
    );
    const [only] = found;
    if (!only || found.length > 1) {
      throw new Error(`Expected one ${type} ${logicalId ?? ""} in ${this.stackName}, found ${found.length}`);
    }
    return only[1];
  }

  /** The resource at an address: `type.logical_id`. */
  at(address: string): Attributes | undefined {
    const [type = "", logicalId = ""] = address.split(".");
    return this.all(type)[logicalId];
  }

  /** Every address: `type.logical_id`. */
  get addresses(): string[] {
    return Object.entries(this.document.resource).flatMap(([type, byId]) =>
      Object.keys(byId).map((id) => `${type}.${id}`),
    );
  }

  /** Statements of the policy document that a role's, bucket's or other policy refers to. */
  statements(logicalId: string): readonly PolicyStatementJson[] {
    const found = this.document.data?.aws_iam_policy_document?.[logicalId];
    if (!found) throw new Error(`No policy document ${logicalId} in ${this.stackName}`);
    return (found.statement ?? []) as PolicyStatementJson[];
  }
}

export interface PolicyStatementJson {
  readonly sid?: string;
  readonly effect?: string;
  readonly actions: readonly string[];
  readonly resources?: readonly string[];
  readonly principals?: readonly { readonly type: string; readonly identifiers: readonly string[] }[];
  readonly condition?: readonly {
    readonly test: string;
    readonly variable: string;
    readonly values: string[];
  }[];
}

/** The three stacks of one environment. */
export type EnvironmentStacks = Readonly<Record<"registry" | "data" | "ingester", Synthesized>>;

/** By their configuration: the tests of a file ask for the same environment again and again. */
const known = new Map<string, EnvironmentStacks>();

/** The three stacks of one environment; each is synthesized once, when it is read. */
export function synthesize(config: EnvironmentConfig): EnvironmentStacks {
  const key = JSON.stringify(config, (_, value) => (value === undefined ? "\0undefined" : value));
  const stacks = known.get(key) ?? stacksOf(config);
  known.set(key, stacks);
  return stacks;
}

function stacksOf(config: EnvironmentConfig): EnvironmentStacks {
  const names = namesOf(config);
  const app = Testing.app();
  const made: { -readonly [Name in keyof EnvironmentStacks]?: Synthesized } = {};
  return {
    get registry() {
      made.registry ??= new Synthesized(names.registryStack, new RegistryStack(app, names, config));
      return made.registry;
    },
    get data() {
      made.data ??= new Synthesized(names.dataStack, new DataStack(app, names, config));
      return made.data;
    },
    get ingester() {
      made.ingester ??= new Synthesized(names.ingesterStack, new IngesterStack(app, names, config));
      return made.ingester;
    },
  };
}

/** Stacks of the variants that differ from a shipped environment's: each mode once, not their product. */
export function synthesizeVariants(): Synthesized[] {
  const { live, endpoints, existing, transform, queries, quiet } = variants;
  return [
    synthesize(live).data,
    synthesize(live).ingester,
    synthesize(endpoints).ingester,
    ...Object.values(synthesize(existing)),
    synthesize(transform).data,
    synthesize(queries).ingester,
    synthesize(quiet).ingester,
  ];
}

/** Every stack of every environment as shipped. */
export function synthesizeAll(): Synthesized[] {
  return shippedEnvironments.flatMap((config) => Object.values(synthesize(config)));
}

/**
 * The value behind `${jsonencode(...)}`: HCL's object syntax is JSON but for ` = ` after keys, and for `$${`
 * and `%%{`, which escape what HCL would interpolate.
 */
export function decodeJson(expression: unknown): unknown {
  const inner = /^\$\{jsonencode\((.*)\)\}$/s.exec(String(expression))?.[1];
  if (inner === undefined) throw new Error(`Not a jsonencode expression: ${String(expression)}`);
  // Every text is taken whole: what looks like a key inside one is none.
  const json = inner.replaceAll(/("(?:[^"\\]|\\.)*")( = )?/g, (_, text, mark) => (mark ? `${text}: ` : text));
  return JSON.parse(withoutEscapes(json));
}

/** The text behind an attribute without references: escaped, or `${tostring("...")}`. */
export function plainText(attribute: unknown): string {
  const quoted = /^\$\{tostring\((".*")\)\}$/s.exec(String(attribute))?.[1];
  return quoted === undefined ? withoutEscapes(String(attribute)) : JSON.parse(withoutEscapes(quoted));
}

function withoutEscapes(literals: string): string {
  return literals.replaceAll("$${", "${").replaceAll("%%{", "%{");
}

/** The ingester's container; a sidecar leaves out the lists that it has nothing for. */
export interface ContainerJson {
  readonly name: string;
  readonly image: string;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly portMappings?: readonly { readonly containerPort: number }[];
  readonly [field: string]: unknown;
}

/** The containers of a stack's task definition. */
export function containersOf(stack: Synthesized): ContainerJson[] {
  return decodeJson(stack.one("aws_ecs_task_definition").container_definitions) as ContainerJson[];
}
