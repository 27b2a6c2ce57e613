/** Every variable that the ingester reads. One row here is all that documents, help and checks need. */
import { DELIVERY } from "./delivery";
import { LEDGER } from "./ledger";
import { MONEY } from "./money";
import { NETWORK } from "./network";
import { OPERATION } from "./operation";
import { READING } from "./reading";
import type { ListVariable, NumberVariable, TextVariable, WordVariable } from "./variable";

/** By their heading in docs/configuration.md. */
export const SECTIONS = {
  "Reading from X": READING,
  "The ledger": LEDGER,
  Money: MONEY,
  Delivery: DELIVERY,
  Network: NETWORK,
  Operation: OPERATION,
} as const;

export const VARIABLES = { ...READING, ...LEDGER, ...MONEY, ...DELIVERY, ...NETWORK, ...OPERATION } as const;

export type Variables = typeof VARIABLES;
export type VariableName = keyof Variables;

type NamesOf<Kind> = {
  [Name in VariableName]: Variables[Name] extends Kind ? Name : never;
}[VariableName];
export type NumberName = NamesOf<NumberVariable>;
export type WordName = NamesOf<WordVariable>;
export type TextName = NamesOf<TextVariable>;
export type ListName = NamesOf<ListVariable>;

/** The values of a variable with words. */
export type WordOf<Name extends WordName> = Variables[Name]["words"][number];
