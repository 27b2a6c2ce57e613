/** One row of the table of bounds (bounds.ts): what one value may be, in a form that others can render too. */
export type Bound = NumberBound | ChoiceBound | PatternBound;

/** Texts of a row for messages and documents. */
interface BoundText {
  /** What is allowed, as it continues "must be ...". */
  readonly allowed: string;
  /** What to do about a wrong value, or why it matters: a whole sentence. */
  readonly fix: string;
  /** Where the limit is documented. */
  readonly source: string;
}

export interface NumberBound extends BoundText {
  readonly kind: "number";
  readonly min: number;
  readonly max: number;
  /** Whether fractions are refused. */
  readonly whole: boolean;
  /** Single values outside min..max that are allowed too. */
  readonly also?: readonly number[];
}

export interface ChoiceBound extends BoundText {
  readonly kind: "choice";
  readonly values: readonly (string | number)[];
}

/** Patterns keep to what JavaScript and Terraform (RE2) both understand: no look-around, no back-references. */
export interface PatternBound extends BoundText {
  readonly kind: "pattern";
  /** Must match. */
  readonly pattern: string;
  /** In code points. Terraform counts graphemes, which are never more. */
  readonly maxLength: number;
  /** None of these may match. */
  readonly forbidden?: readonly string[];
}

interface BoundWords {
  readonly unit?: string;
  readonly fix: string;
  readonly source: string;
}

export const AWS_DOCS = "https://docs.aws.amazon.com";

/** A whole number from `min` to `max`, both allowed. */
export function wholeFrom(min: number, max: number, { unit, fix, source }: BoundWords): NumberBound {
  const allowed = `a whole number from ${min} to ${max}${unit ? ` ${unit}` : ""}`;
  return { kind: "number", whole: true, min, max, allowed, fix, source };
}

/** One of a list that AWS gives. */
export function oneOf(values: readonly (string | number)[], { fix, source }: BoundWords): ChoiceBound {
  return { kind: "choice", values, allowed: `one of ${values.join(", ")}`, fix, source };
}

/** The part of a pattern's text that differs from row to row. */
type RowText = Pick<BoundText, "fix" | "source">;

interface NameRow extends RowText {
  /** The characters, as inside the brackets of a regular expression. */
  readonly characters: string;
  /** The same in words; follows "1 to 64". */
  readonly words: string;
}

/** 1 to `max` of some characters. */
export function nameOf(max: number, { characters, words, ...row }: NameRow): PatternBound {
  const pattern = `^[${characters}]{1,${max}}$`;
  return { kind: "pattern", pattern, maxLength: max, allowed: `1 to ${max} ${words}`, ...row };
}

/** Id of an EC2 resource: a prefix and 8 to 17 hexadecimal digits. @param what kind of resource, with its article */
export function ec2Id(prefix: string, what: string, row: RowText): PatternBound {
  return {
    kind: "pattern",
    pattern: `^${prefix}-[0-9a-f]{8,17}$`,
    maxLength: prefix.length + 18,
    allowed: `${what} id such as "${prefix}-0a1b2c3d4e5f67890"`,
    ...row,
  };
}

/** Beginning of every ARN, in each partition, up to the service. */
export const ARN = "arn:aws(-cn|-us-gov)?";

/** ARN of a resource in an account and a region. @param resource pattern of what follows the account */
export function arnOf(
  service: string,
  resource: string,
  row: RowText & Pick<BoundText, "allowed">,
): PatternBound {
  const pattern = `^${ARN}:${service}:[a-z0-9-]+:[0-9]{12}:${resource}$`;
  return { kind: "pattern", pattern, maxLength: 2_048, ...row };
}

/** Whether a value is within its bound. */
export function fits(bound: Bound, value: unknown): boolean {
  switch (bound.kind) {
    case "number":
      return fitsNumber(bound, value);
    case "choice":
      return bound.values.some((allowed) => allowed === value);
    case "pattern":
      return typeof value === "string" && fitsPattern(bound, value);
  }
}

function fitsNumber({ min, max, whole, also = [] }: NumberBound, value: unknown): boolean {
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  if (whole && !Number.isInteger(value)) return false;
  return (value >= min && value <= max) || also.includes(value);
}

function fitsPattern({ pattern, maxLength, forbidden = [] }: PatternBound, value: string): boolean {
  if ([...value].length > maxLength || !new RegExp(pattern, "u").test(value)) return false;
  return !forbidden.some((each) => new RegExp(each, "u").test(value));
}
