import { Fn, Token } from "cdktf";
import { escapeLiteral } from "./json-document";

/** What Terraform, or CDKTF's HCL output, does not take as it is. */
const SPECIAL = /[\\\r\n\t]|\$\{|%\{/;

/**
 * Text from a configuration as a plain attribute, in which Terraform must find no expressions. Text without special
 * signs stays readable, and references stay what they are. For texts in a JSON document, `jsonDocument` does the same.
 * @example literalText("cats ${HOME}") // the expression tostring("cats $${HOME}")
 */
export function literalText(text: string): string {
  return Token.isUnresolved(text) || !SPECIAL.test(text) ? text : Fn.tostring(escapeLiteral(text));
}

/** The same for every value of a record, such as tags. */
export function literalTexts(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, literalText(text)]));
}
