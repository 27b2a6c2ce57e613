/** The lines of a page. Pure. */
import { shareOut } from "./includes";
import type { Includes, Post, PostLine, Provenance } from "./post";
import type { TextForm } from "./text-form";

export interface PageContent {
  readonly posts: readonly Post[];
  /** What is to be delivered: posts of `posts`, and others that have no id of X's. */
  readonly fresh: readonly Post[];
  readonly includes: Includes;
  readonly provenance: Provenance;
  /** Of posts and includes. @default characters */
  readonly form?: TextForm | undefined;
}

/**
 * One line for each fresh and wanted post, each with the includes it refers to. What no post of the page refers to goes
 * to the last line, since it is paid for as well.
 * @param isWanted @default - all
 */
export function linesOf(page: PageContent, isWanted: (post: Post) => boolean = () => true): PostLine[] {
  const { fresh, includes, provenance, form } = page;
  const posts = [...new Set([...page.posts, ...fresh])];
  const wanted = new Set(fresh.filter(isWanted));
  const { ofPosts, unreferenced } = shareOut(posts, includes);
  const lines = posts
    .map((post, index): PostLine => ({ post, includes: ofPosts[index], provenance, form }))
    .filter(({ post }) => wanted.has(post));
  const last = lines.pop();
  if (last !== undefined) lines.push(unreferenced === undefined ? last : { ...last, unreferenced });
  return lines;
}
