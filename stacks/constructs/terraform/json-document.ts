import { Fn, Tokenization } from "cdktf";

/**
 * Renders a JSON document as a Terraform expression, so that references inside it stay references in JSON and
 * in HCL output alike. Use it wherever AWS wants a JSON string.
 *
 * `Fn.jsonencode` of cdktf 0.21 escapes only line ends and `${` in string literals: a quote in an X query
 * would end the literal. The rest of HCL's escapes are added here.
 */
export function jsonDocument(value: unknown): string {
  return Fn.jsonencode(escapeLiterals(value));
}

export function escapeLiterals(value: unknown): unknown {
  if (typeof value === "string") return escapeLiteral(value);
  if (Array.isArray(value)) return value.map(escapeLiterals);
  if (typeof value !== "object" || value === null || Tokenization.isResolvable(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, escapeLiterals(member)]),
  );
}

/** https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences */
export function escapeLiteral(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t")
    .replaceAll("%{", "%%{");
}
