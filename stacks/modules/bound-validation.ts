import type { TerraformVariableValidationConfig } from "cdktf";
import type { Bound } from "../constructs/checks/bound";
import { bounds } from "../constructs/checks/bounds";

/**
 * A row of the table of bounds as a `validation` block, so that HCL users read the same words as TypeScript users.
 * @param name of the variable
 * @param nullable whether null passes
 */
export function boundValidation(
  name: string,
  bound: Bound,
  nullable = false,
): TerraformVariableValidationConfig {
  const reference = `var.${name}`;
  const fits = conditions(reference, bound).join(" && ");
  // Terraform evaluates both sides of `||`, and only one branch of a condition.
  return validation(name, nullable ? `${reference} == null ? true : ${fits}` : fits, bound);
}

/** The same for every item of a list, each of which may be there once. */
export function itemValidation(name: string, bound: Bound): TerraformVariableValidationConfig {
  const reference = `var.${name}`;
  const fits = `alltrue([for item in ${reference} : ${conditions("item", bound).join(" && ")}])`;
  const differ = `length(distinct(${reference})) == length(${reference})`;
  return validation(name, `${fits} && ${differ}`, {
    ...bound,
    allowed: `a list without repeats, each ${bound.allowed}`,
  });
}

/** Names and values of tags. */
export function tagValidation(name: string): TerraformVariableValidationConfig {
  const { tagName, tagValue } = bounds;
  const pair = [...conditions("key", tagName), ...conditions("value", tagValue)].join(" && ");
  const allowed = `names of ${tagName.allowed}, and values of ${tagValue.allowed}`;
  return validation(name, `alltrue([for key, value in var.${name} : ${pair}])`, {
    allowed,
    fix: tagName.fix,
  });
}

/** What spans two variables; null passes, for which there is another validation or none. */
export function pairValidation(
  name: string,
  { other, mayBeNull = [], condition, allowed, fix }: PairRule,
): TerraformVariableValidationConfig {
  const absent = mayBeNull.map((each) => `var.${each} == null`).join(" || ");
  return validation(name, absent ? `${absent} ? true : ${condition}` : condition, { allowed, fix, other });
}

export interface PairRule {
  /** The other variable, which the message shows. */
  readonly other: string;
  /** Those of the two that may be null. */
  readonly mayBeNull?: readonly string[];
  /** Terraform's, without braces. */
  readonly condition: string;
  /** Continues "must be ...". */
  readonly allowed: string;
  readonly fix: string;
}

/** The region in an ARN, which must be the module's. */
export function sameRegion(name: string, what: string, nullable: boolean): TerraformVariableValidationConfig {
  return pairValidation(name, {
    other: "region",
    mayBeNull: nullable ? [name] : [],
    condition: `try(split(":", var.${name})[3], "") == var.region`,
    allowed: `${what} of the module's region`,
    fix: "AWS uses it in its own region only.",
  });
}

function validation(
  name: string,
  condition: string,
  { allowed, fix, other }: { readonly allowed: string; readonly fix: string; readonly other?: string },
): TerraformVariableValidationConfig {
  const beside = other === undefined ? "" : ` with ${other} \${jsonencode(var.${other})}`;
  return {
    condition: `\${${condition}}`,
    errorMessage: `${name} must be ${literal(allowed)}, got \${jsonencode(var.${name})}${beside}. ${literal(fix)}`,
  };
}

function conditions(reference: string, bound: Bound): string[] {
  switch (bound.kind) {
    case "number": {
      const { min, max, whole, also = [] } = bound;
      const within = `(${reference} >= ${min} && ${reference} <= ${max})`;
      const allowed = also.length > 0 ? `(${within} || ${oneOf(reference, also)})` : within;
      return [allowed, ...(whole ? [`floor(${reference}) == ${reference}`] : [])];
    }
    case "choice":
      return [oneOf(reference, bound.values)];
    case "pattern":
      return [
        `length(${reference}) <= ${bound.maxLength}`,
        matches(bound.pattern, reference),
        ...(bound.forbidden ?? []).map((each) => `!${matches(each, reference)}`),
      ];
  }
}

function oneOf(reference: string, values: readonly (string | number)[]): string {
  return `contains([${values.map((value) => JSON.stringify(value)).join(", ")}], ${reference})`;
}

/** `regex` fails where nothing matches. */
function matches(pattern: string, reference: string): string {
  return `can(regex("${literal(pattern).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}", ${reference}))`;
}

/** Text in which Terraform must find no expressions. */
function literal(text: string): string {
  // `$$` would be one dollar in a replacement that is text.
  return text.replaceAll("${", () => "$${").replaceAll("%{", "%%{");
}
