import type { PolicyCondition } from "../constructs/aws/policy";

/** Things of one kind, and what Terraform does to them when it refreshes (`read`) and when it applies (`write`). */
export interface Scope {
  readonly sid: string;
  readonly resources: readonly string[];
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly conditions?: readonly PolicyCondition[];
}
