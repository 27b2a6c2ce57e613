import type { EnvironmentConfig } from "../../stacks/environment/environment";
import type { Attributes, PolicyStatementJson, Synthesized } from "../helpers/synth";

/** One resource, or data source, of a synthesized stack. */
export interface Resource {
  readonly stack: Synthesized;
  readonly config: EnvironmentConfig;
  /** As in Terraform; data sources begin with `data.`. */
  readonly type: string;
  readonly id: string;
  readonly attributes: Attributes;
}

/** A rule of the public scanners, restated on what is synthesized. */
export interface Rule {
  /** Ids by which checkov (CKV) and trivy (AWS-) know it. */
  readonly ids: readonly string[];
  readonly title: string;
  /** Type of the resources that it looks at. */
  readonly on: string;
  readonly holds: (resource: Resource) => boolean;
}

/** Where a rule does not hold, and why that is right. */
export interface Exception {
  /** One of the rule's ids. */
  readonly id: string;
  readonly reason: string;
  readonly where: (resource: Resource) => boolean;
}

/** Resources of a type that refer to this one in an attribute: `${aws_s3_bucket.posts.bucket}`. */
export function referring(resource: Resource, type: string, attribute: string): Attributes[] {
  const reference = `\${${resource.type}.${resource.id}.`;
  return Object.values(resource.stack.all(type)).filter((other) =>
    String(other[attribute]).startsWith(reference),
  );
}

/** Whether any resource of the stack refers to this one, anywhere. */
export function isReferredTo(resource: Resource, types: readonly string[]): boolean {
  const reference = `\${${resource.type}.${resource.id}.`;
  return types.some((type) => JSON.stringify(resource.stack.all(type)).includes(reference));
}

/** Reads nested attributes; blocks may be given as an object or as a list of one. */
export function read(value: unknown, ...path: string[]): unknown {
  let current = value;
  for (const name of path) {
    const [only] = Array.isArray(current) ? current : [current];
    current = typeof only === "object" && only !== null ? (only as Attributes)[name] : undefined;
  }
  return current;
}

/** Statements of a policy document. */
export function statementsOf({ attributes }: Resource): readonly PolicyStatementJson[] {
  return (attributes.statement ?? []) as PolicyStatementJson[];
}

/** Principals of a statement, of whatever kind. */
export function principalsOf({ principals = [] }: PolicyStatementJson): string[] {
  return principals.flatMap(({ identifiers }) => identifiers);
}

/** Statements that allow: documents leave the word out where they do. */
export function allows({ effect }: PolicyStatementJson): boolean {
  return effect === undefined || effect === "Allow";
}
