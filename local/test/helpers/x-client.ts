import type { XSimulator } from "../../x-simulator/x-simulator";

/** A page of posts as the tests look at it. */
export interface Page {
  readonly data?: readonly { readonly id: string; readonly [field: string]: unknown }[];
  readonly includes?: Readonly<Record<string, readonly Record<string, unknown>[]>>;
  readonly errors?: readonly { readonly message?: string; readonly parameters?: Record<string, string[]> }[];
  readonly meta?: {
    readonly result_count: number;
    readonly newest_id?: string;
    readonly oldest_id?: string;
    readonly next_token?: string;
  };
  readonly [other: string]: unknown;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Page;
}

export type Parameters = Readonly<Record<string, string | number>>;

/** Asks a listening simulator, with a token it accepts. */
export async function ask(url: string, path: string, parameters: Parameters = {}): Promise<Reply> {
  const search = new URLSearchParams(
    Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const response = await fetch(`${url}${path}?${search}`, { headers: { authorization: "Bearer test" } });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Page };
}

/** Recent search for a query that needs no thought. */
export function searchRecent(url: string, parameters: Parameters = {}): Promise<Reply> {
  return ask(url, "/2/tweets/search/recent", { query: "trains", ...parameters });
}

/** Follows the tokens of a search to its end. @returns the ids of each page. */
export async function readAllPages(url: string, parameters: Parameters = {}): Promise<string[][]> {
  const pages: string[][] = [];
  for (let token: string | undefined; ; ) {
    const { status, body } = await searchRecent(url, {
      ...parameters,
      ...(token ? { next_token: token } : {}),
    });
    if (status !== 200) throw new Error(`HTTP ${status}: ${JSON.stringify(body)}`);
    pages.push((body.data ?? []).map(({ id }) => id));
    token = body.meta?.next_token;
    if (token === undefined) return pages;
  }
}

/** Every id of the timeline, newest first, as search returns them. */
export function allIds({ timeline }: XSimulator): string[] {
  return Array.from({ length: timeline.size }, (_, at) => timeline.idAt(timeline.size - 1 - at).toString());
}
