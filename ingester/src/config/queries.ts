/** Variables of search mode that state what is collected: one query, or several under one budget. */
import { createHash } from "node:crypto";
import { ARCHIVE_QUERY_MAX_CHARACTERS, checkQuery, RECENT_QUERY_MAX_CHARACTERS } from "../x/query";
import type { EnvReader } from "./reader";
import { KEY } from "./variables/ledger";
import { MAX_QUERIES_AT_ONCE } from "./variables/reading";

export interface QueryConfig {
  /** Shown in logs and on the status page. */
  readonly name: string;
  readonly query: string;
  /** Name of its coverage in the ledger, and the value of its metrics' dimension. */
  readonly key: string;
}

export interface QueriesOptions {
  readonly streamName: string;
  /** Whether queries are for full-archive search, which accepts longer ones. */
  readonly fullArchive: boolean;
}

const NAME = /^[a-zA-Z0-9_.-]{1,64}$/;

export function readQueries(reader: EnvReader, options: QueriesOptions): readonly QueryConfig[] {
  const single = reader.text("SEARCH_QUERY");
  const list = reader.text("SEARCH_QUERIES");
  const own = readKey(reader);
  if (single !== undefined && list !== undefined) {
    reader.problem("SEARCH_QUERY", "and SEARCH_QUERIES are both set. Set one of them.");
  }
  if (list === undefined) {
    const query = reader.required(
      "SEARCH_QUERY",
      'Set an X search query, such as "from:nasa", or SEARCH_QUERIES.',
    );
    checkOne(reader, "SEARCH_QUERY", query, options);
    const key = own ?? defaultKey(options.streamName, query);
    return [{ name: key, query, key }];
  }
  return readList(reader, list).map(({ name, query }, index) => {
    checkOne(reader, `SEARCH_QUERIES[${index}]`, query, options);
    const key = own === undefined ? defaultKey(options.streamName, query) : namedKey(reader, own, name);
    return { name, query, key };
  });
}

/**
 * The key without CHECKPOINT_KEY: a query with another text, or for another stream, has its own coverage. White space is
 * ignored.
 */
export function defaultKey(streamName: string, query: string): string {
  const text = query.trim().replace(/\s+/g, " ");
  const key = `${streamName}/${text}`;
  if (KEY.test(key)) return key;
  return `${streamName}/sha256-${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}

/** CHECKPOINT_KEY. */
export function readKey(reader: EnvReader): string | undefined {
  return reader.text("CHECKPOINT_KEY");
}

function namedKey(reader: EnvReader, own: string, name: string): string {
  const key = `${own}/${name}`;
  if (KEY.test(own) && NAME.test(name) && !KEY.test(key)) {
    reader.problem("CHECKPOINT_KEY", `and a query's name must have at most 200 characters, got "${key}".`);
  }
  return key;
}

function checkOne(reader: EnvReader, name: string, query: string, { fullArchive }: QueriesOptions): void {
  const problem = checkQuery(query, fullArchive ? ARCHIVE_QUERY_MAX_CHARACTERS : RECENT_QUERY_MAX_CHARACTERS);
  if (problem !== undefined) reader.problem(name, problem);
}

type Named = Pick<QueryConfig, "name" | "query">;

function readList(reader: EnvReader, text: string): readonly Named[] {
  const wanted = 'a JSON array such as [{"name":"nasa","query":"from:nasa"}]';
  const value = parseJson(text);
  if (
    !Array.isArray(value) ||
    value.length === 0 ||
    value.length > MAX_QUERIES_AT_ONCE ||
    !value.every(isNamed)
  ) {
    const got = text.length > 100 ? `${text.slice(0, 100)}...` : text;
    reader.problem(
      "SEARCH_QUERIES",
      `must be ${wanted}, of 1 to ${MAX_QUERIES_AT_ONCE} queries with a name each, got ${got}`,
    );
    return [];
  }
  for (const problem of problemsOf(value)) reader.problem("SEARCH_QUERIES", problem);
  return value;
}

function problemsOf(queries: readonly Named[]): readonly string[] {
  const names = queries.map(({ name }) => name);
  const texts = queries.map(({ query }) => query.trim().replace(/\s+/g, " "));
  const twice = (values: readonly string[]) => values.find((value, index) => values.indexOf(value) !== index);
  const wrongName = names.find((name) => !NAME.test(name));
  return [
    wrongName !== undefined &&
      `holds the name "${wrongName}"; a name is 1 to 64 of these characters: a-z A-Z 0-9 _ . -`,
    twice(names) !== undefined && `holds the name "${twice(names)}" twice.`,
    twice(texts) !== undefined && `holds the query "${twice(texts)}" twice.`,
    texts.includes("") && "holds an empty query.",
  ].filter((problem) => problem !== false);
}

function isNamed(value: unknown): value is Named {
  if (typeof value !== "object" || value === null) return false;
  const { name, query } = value as Partial<Record<keyof Named, unknown>>;
  return typeof name === "string" && typeof query === "string";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
