import type { PolicyCondition } from "../constructs/aws/policy";

/** Resources of one kind, and the actions of Terraform when it refreshes (`read`) and when it applies (`write`). */
export interface Scope {
  readonly sid: string;
  readonly resources: readonly string[];
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly conditions?: readonly PolicyCondition[];
}
