import type { TerraformJson } from "./terraform-json";

/**
 * A stack as a reviewer reads it: keys sorted, CDKTF's metadata left out, and each document inside
 * `jsonencode(...)` opened up, so that one changed alarm is one changed line.
 */
export function reviewable(stack: TerraformJson): string {
  return `${JSON.stringify(sorted(stack), undefined, 2)}\n`;
}

/** CDKTF writes its metadata under Terraform's comment key, at every level. */
const METADATA = "//";

function sorted(value: unknown): unknown {
  if (typeof value === "string") return opened(value);
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([key]) => key !== METADATA);
  members.sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(members.map(([key, member]) => [key, sorted(member)]));
}

/** A document with references inside is an expression, not JSON: it stays as it is. */
function opened(text: string): unknown {
  const expression = /^\$\{jsonencode\((.*)\)\}$/s.exec(text)?.[1];
  if (expression === undefined) return text;
  const document = parsed(jsonOf(expression));
  return document === undefined ? text : { jsonencode: sorted(document) };
}

/** HCL's objects are JSON but for ` = ` between key and value, outside of strings. */
function jsonOf(expression: string): string {
  return expression.replaceAll(/"(?:[^"\\]|\\.)*"|( = )/gs, (token, equals) => (equals ? ": " : token));
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
