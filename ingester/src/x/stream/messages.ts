/**
 * Messages of the filtered stream. X may bill any of them, so none is dropped: a message that is no post becomes a line
 * of its own.
 */
import type { Amounts } from "../../ledger/prices";
import { parseJson } from "../../posts/json";
import { linesOf } from "../../posts/page-lines";
import {
  isObject,
  itemsOf,
  type Json,
  type MatchingRule,
  type Post,
  type PostLine,
  type Provenance,
} from "../../posts/post";
import { contentOf, unidentified } from "../content";
import { said } from "../problem";
import type { StreamLine } from "./lines";

export type StreamMessage =
  | {
      readonly type: "post";
      readonly post: Post;
      readonly lines: readonly PostLine[];
      readonly billed: Amounts;
      readonly partialErrors: number;
    }
  /** X announces that it ends the connection, or says what is wrong with it. */
  | { readonly type: "error"; readonly message: string }
  /** A message of an unknown type. It becomes a line. */
  | { readonly type: "unknown"; readonly lines: readonly PostLine[] };

type Text = Exclude<StreamLine, { readonly type: "heartbeat" }>;

/** @param tags as the rules' users wrote them, by X's id */
export function messageOf(
  line: Text,
  provenance: Provenance,
  tags: ReadonlyMap<string, string>,
): StreamMessage {
  const body = line.type === "message" ? bodyOf(line.text) : undefined;
  if (body === undefined) return unknown(line.text, provenance);
  if (body.data === undefined || body.data === null) {
    const isError = itemsOf(body.errors).length > 0 || typeof body.title === "string";
    return isError ? { type: "error", message: errorOf(body) } : unknown(body, provenance);
  }
  return postOf(body, provenance, tags);
}

function postOf(body: Json, provenance: Provenance, tags: ReadonlyMap<string, string>): StreamMessage {
  const { posts, unidentified: others, includes, billed, partialErrors } = contentOf(body);
  const fresh = [...posts, ...others];
  const [post] = fresh;
  if (post === undefined) return unknown(body, provenance);
  const matchingRules = rulesOf(body.matching_rules, tags);
  const lines = linesOf({ posts, fresh, includes, provenance }).map((line) => ({ ...line, matchingRules }));
  return { type: "post", post, lines, billed, partialErrors };
}

/**
 * The matching rules as X sends them, but our tags as the user wrote them, without the owner that is a part of the tag
 * at X.
 */
function rulesOf(sent: unknown, tags: ReadonlyMap<string, string>): readonly MatchingRule[] {
  return itemsOf(sent).flatMap((rule) => {
    if (!isObject(rule)) return [];
    const tag = typeof rule.id === "string" ? tags.get(rule.id) : undefined;
    return [tag === undefined ? rule : { ...rule, tag }];
  });
}

function errorOf(body: Json): string {
  const words = said(body).trim();
  return words === "" ? "X sent an error without a message." : words;
}

function bodyOf(text: string): Json | undefined {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function unknown(content: unknown, provenance: Provenance): StreamMessage {
  const post = unidentified(content);
  return { type: "unknown", lines: [{ post, includes: undefined, provenance }] };
}
