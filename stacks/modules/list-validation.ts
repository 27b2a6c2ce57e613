import type { TerraformVariableValidationConfig } from "cdktf";
import type { Bound } from "../constructs/checks/bound";
import { conditions, validation } from "./bound-validation";

export interface ListRule {
  /** Most items. */
  readonly max: number;
  /** What to do about a wrong number of them: a whole sentence. */
  readonly fix: string;
  readonly members: readonly MemberRule[];
}

/** A member of every object in a list: within its bound, and unique in the list. */
export interface MemberRule {
  readonly name: string;
  readonly bound: Bound;
  /** Terraform's expression of the form that is checked and compared. */
  readonly tidied: (reference: string) => string;
}

/** Checks the objects of a list as synthesis does; null passes. Messages show the wrong items only. */
export function listValidations(
  name: string,
  { max, fix, members }: ListRule,
): TerraformVariableValidationConfig[] {
  const list = listOrEmpty(name);
  const counted = `length(var.${name}) >= 1 && length(var.${name}) <= ${max}`;
  const got = `length(${list})`;
  return [
    validation(name, `var.${name} == null ? true : ${counted}`, {
      allowed: `a list of 1 to ${max}`,
      got,
      fix,
    }),
    ...members.flatMap((member) => [boundedMember(name, member), unlikeMember(name, member)]),
  ];
}

/** A variable's list. @returns Terraform's expression, an empty list for null */
export function listOrEmpty(name: string): string {
  return `(var.${name} == null ? [] : var.${name})`;
}

function boundedMember(name: string, { name: member, bound, tidied }: MemberRule) {
  const fits = conditions(tidied(`item.${member}`), bound).join(" && ");
  // A member may be null.
  const wrong = `[for item in ${listOrEmpty(name)} : item.${member} if !try(${fits}, false)]`;
  return validation(name, `length(${wrong}) == 0`, {
    allowed: `a list, each with a ${member} that is ${bound.allowed}`,
    got: `jsonencode(${wrong})`,
    fix: bound.fix,
  });
}

function unlikeMember(name: string, { name: member, tidied }: MemberRule) {
  const texts = `compact([for item in ${listOrEmpty(name)} : try(${tidied(`item.${member}`)}, "")])`;
  const repeated = `[for text, all in { for text in ${texts} : text => text... } : text if length(all) > 1]`;
  return validation(name, `length(${repeated}) == 0`, {
    allowed: `a list, each with a ${member} of its own`,
    got: `jsonencode(${repeated})`,
    fix: "Several have it: change or remove all but one.",
  });
}
