import { Fn, Token } from "cdktf";
import { escapeLiteral } from "./json-document";

/** CDKTF's HCL output writes these as they are, or makes a heredoc of them. */
const UNSAFE_IN_HCL = /[\\\r\n\t]/;

/**
 * Text from a configuration as a plain attribute, which Terraform must not read as a template. References are kept. For
 * texts in a JSON document, `jsonDocument` does the same.
 * @example literalText("cats ${HOME}") // "cats $${HOME}", which Terraform reads as "cats ${HOME}"
 */
export function literalText(text: string): string {
  if (Token.isUnresolved(text)) return text;
  if (UNSAFE_IN_HCL.test(text)) return Fn.tostring(escapeLiteral(text));
  return text.replaceAll("${", () => "$${").replaceAll("%{", "%%{");
}

/** The same for every value of a record, such as the dimensions of a metric. */
export function literalTexts(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, literalText(text)]));
}
