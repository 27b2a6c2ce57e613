/** One row for each variable. Its reader, `ingester help` and docs/configuration.md are made from the row. */
export type Variable = {
  /** What it is for, in Markdown. */
  readonly meaning: string;
  /** The default in Markdown, where `otherwise` does not say it. */
  readonly shownDefault?: string;
  /** A line of `ingester help`, for variables that a first run needs. */
  readonly help?: string;
} & (NumberVariable | WordVariable | TextVariable | ListVariable);

export interface NumberVariable {
  readonly number: NumberRange;
  readonly otherwise?: number;
  /** A word that is allowed in place of a number. */
  readonly orWord?: string;
}

export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
}

/** One of a few words, in any case. */
export interface WordVariable {
  readonly words: readonly string[];
  readonly otherwise: string;
}

export interface TextVariable {
  readonly text: TextForm;
}

/** Without a pattern the reader of the variable checks it. */
export interface TextForm {
  readonly pattern?: RegExp;
  /** Continues "must be ...". */
  readonly allowed?: string;
}

/** Items between commas, each once. */
export interface ListVariable {
  readonly items: ListItems;
}

export interface ListItems {
  /** Continues "must be ...". */
  readonly allowed: string;
  /** The items that are known. */
  readonly known?: readonly string[];
  readonly pattern?: RegExp;
  /** Other names of the same items: an item may be there under one of its names only. */
  readonly otherNames?: Readonly<Record<string, string>>;
}

export const TRUE_OR_FALSE = ["true", "false"] as const;
