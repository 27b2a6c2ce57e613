import type { TerraformVariableValidationConfig } from "cdktf";
import type { Bound } from "../constructs/checks/bound";

/**
 * A row of the table of bounds as a `validation` block, so that HCL users hear the same words as TypeScript users.
 * @param name of the variable
 */
export function boundValidation(name: string, bound: Bound): TerraformVariableValidationConfig {
  const reference = `var.${name}`;
  return {
    condition: `\${${conditions(reference, bound).join(" && ")}}`,
    errorMessage: `${name} must be ${literal(bound.allowed)}, got \${jsonencode(${reference})}. ${literal(bound.fix)}`,
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
