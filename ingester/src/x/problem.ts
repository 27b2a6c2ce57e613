/**
 * X's own messages in an error. CDNs, proxies and captive portals answer with the same statuses, so only a body in X's
 * format for problems counts as X's answer (docs.x.com, "Response codes and errors").
 */
import { isObject } from "../posts/post";

/** One error that a body lists. */
export interface Complaint {
  /** Names of the request's parameters that it is about. */
  readonly parameters: readonly string[];
  readonly message: string;
}

/** X's problem types: `about:blank`, or a page of its own under either of its host names. */
const TYPE_OF_X = /^about:blank$|\/2\/problems\//;
const MAX_WORDS = 500;

/** True for a problem of API v2, and for the `errors` list that older parts of X answer with. */
export function isProblem(body: unknown): boolean {
  if (!isObject(body)) return false;
  if (typeof body.type === "string") return TYPE_OF_X.test(body.type);
  if (typeof body.title === "string") return true;
  if (typeof body.detail === "string" && typeof body.status === "number") return true;
  return Array.isArray(body.errors) && body.errors.some((error) => isObject(error) && isWorded(error));
}

function isWorded({ message, title, detail }: Readonly<Record<string, unknown>>): boolean {
  return [message, title, detail].some((text) => typeof text === "string");
}

/** X names parameters in `errors[].parameters`, in a problem's `parameter`, or only between backticks in its text. */
export function complaintsOf(body: unknown): readonly Complaint[] {
  if (!isObject(body)) return [];
  const errors = Array.isArray(body.errors) ? body.errors.filter(isObject) : [];
  return [...errors, body].map((error) => {
    const message = [error.message, error.detail].filter((text) => typeof text === "string").join(" ");
    const quoted = [...message.matchAll(/[`'[]([a-z_.]+)[`'\]]/g)].map((match) => match[1] ?? "");
    const listed = isObject(error.parameters) ? Object.keys(error.parameters) : [];
    const single = typeof error.parameter === "string" ? [error.parameter] : [];
    return { parameters: listed.length + single.length > 0 ? [...listed, ...single] : quoted, message };
  });
}

/** X's message, shortened: it describes the error more exactly than ours. */
export function said(body: unknown): string {
  const texts = complaintsOf(body).map(({ message }) => message);
  const title = isObject(body) && typeof body.title === "string" ? body.title : "";
  const words = [...new Set([title, ...texts])].filter((text) => text !== "").join("; ");
  return words === "" ? "" : ` X says: "${words.slice(0, MAX_WORDS)}"`;
}

/** A short description of a body that is not X's: the title of a page, or else its first words. */
export function described(body: unknown): string {
  if (typeof body !== "string") return "JSON that is not X's";
  const text = body.trim();
  if (text === "") return "an empty body";
  const title = /<title[^>]*>([^<]*)</i.exec(text)?.[1]?.trim();
  if (title !== undefined && title !== "") return `a page titled "${oneLine(title)}"`;
  return text.startsWith("<") ? "a page of HTML" : `"${oneLine(text)}"`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, 100);
}
