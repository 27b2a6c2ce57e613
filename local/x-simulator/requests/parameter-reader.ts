import { invalidRequest, type ParameterProblem } from "../x-problem";

/** X's pattern for ids. */
const ID_PATTERN = /^[0-9]{1,19}$/;
const TIME_PATTERN = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;

/** Reads the parameters of one request, collecting everything that is wrong with them. */
export class ParameterReader {
  private readonly problems: ParameterProblem[] = [];

  constructor(private readonly parameters: URLSearchParams) {}

  /** A parameter's value; given twice is a problem. */
  text(name: string): string | undefined {
    const values = this.parameters.getAll(name);
    if (values.length > 1) this.refuse(name, `The \`${name}\` query parameter may be given only once`);
    return values[0];
  }

  /** Checks that no parameter outside `allowed` is given. */
  checkNames(allowed: readonly string[]): void {
    for (const name of new Set(this.parameters.keys())) {
      if (!allowed.includes(name)) {
        this.refuse(name, `The query parameter [${name}] is not one of [${allowed.join(",")}]`);
      }
    }
  }

  integer(
    name: string,
    range: { readonly min: number; readonly max: number; readonly fallback: number },
  ): number {
    const text = this.text(name);
    if (text === undefined) return range.fallback;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= range.min && value <= range.max) return value;
    this.refuse(
      name,
      `The \`${name}\` query parameter value [${text}] is not between ${range.min} and ${range.max}`,
    );
    return range.fallback;
  }

  id(name: string): bigint | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (ID_PATTERN.test(text)) return BigInt(text);
    this.refuse(name, `The \`${name}\` query parameter value [${text}] does not match ${ID_PATTERN.source}`);
    return undefined;
  }

  /** A time in milliseconds since the epoch. */
  time(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const ms = TIME_PATTERN.test(text) ? Date.parse(text) : Number.NaN;
    if (!Number.isNaN(ms)) return ms;
    this.refuse(name, `The \`${name}\` query parameter value [${text}] is not a valid RFC3339 time`);
    return undefined;
  }

  /** A comma-separated list of words. */
  list(name: string, allowed: readonly string[]): readonly string[] {
    const words = this.text(name)?.split(",") ?? [];
    const unknown = words.filter((word) => !allowed.includes(word));
    for (const word of unknown) {
      this.refuse(
        name,
        `The \`${name}\` query parameter value [${word}] is not one of [${allowed.join(",")}]`,
      );
    }
    return words.filter((word) => allowed.includes(word));
  }

  /** Checks that two parameters are not given together. */
  exclude(one: string, other: string): void {
    if (this.parameters.has(one) && this.parameters.has(other)) {
      this.refuse(one, `Invalid use of '${one}' in conjunction with '${other}'`);
    }
  }

  /** Notes a problem with a parameter. */
  refuse(name: string, message: string): void {
    this.problems.push({ parameters: { [name]: this.parameters.getAll(name) }, message });
  }

  /** @throws XProblem (400) naming all problems, if there are any. */
  finish(): void {
    if (this.problems.length > 0) throw invalidRequest(this.problems);
  }
}
