/** Parses the body of a search answer: its posts, and the token of the next page. */
import { SourceError } from "../../loop/errors";
import { compareIds, type Id } from "../../posts/ids";
import { isObject } from "../../posts/post";
import type { TextForm } from "../../posts/text-form";
import { type Content, contentOf, entriesOf } from "../content";

export interface SearchPage extends Content {
  readonly nextToken: string | undefined;
  /** False when X left `meta` out, so that a missing token does not mean the end. */
  readonly complete: boolean;
}

/**
 * @param form of the body. @default characters
 * @throws SourceError when the body is JSON but no search answer
 */
export function parsePage(body: unknown, form?: TextForm): SearchPage {
  if (!isObject(body) || !(isObject(body.meta) || entriesOf(body.data).length > 0)) {
    const details = { kind: "transient", mayBeBilled: true } as const;
    throw new SourceError("X answered 200 with JSON that is no search result.", details);
  }
  const meta = isObject(body.meta) ? body.meta : undefined;
  return {
    ...contentOf(body, form),
    nextToken: typeof meta?.next_token === "string" && meta.next_token !== "" ? meta.next_token : undefined,
    complete: meta !== undefined,
  };
}

/** The oldest and the newest of some ids; undefined where there are none. */
export function spanOf(ids: readonly Id[]): { readonly oldest: Id; readonly newest: Id } | undefined {
  const [first, ...rest] = ids;
  if (first === undefined) return undefined;
  return rest.reduce(
    ({ oldest, newest }, id) => ({
      oldest: compareIds(id, oldest) < 0 ? id : oldest,
      newest: compareIds(id, newest) > 0 ? id : newest,
    }),
    { oldest: first, newest: first },
  );
}
