/** The simulator's own posts as ready lines, for contestants that do not read. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const FIELDS =
  "attachments,author_id,context_annotations,conversation_id,created_at,display_text_range,edit_controls," +
  "edit_history_post_ids,entities,geo,id,lang,note_post,possibly_sensitive,public_metrics,referenced_posts,reply_settings,text";
/** So many differ; then they come again. */
const MAX_PAGES = 100;

interface Page {
  readonly data: readonly object[];
  readonly meta: { readonly next_token?: string };
}

/** @returns the path of a file of lines */
export async function writeLines(
  xUrl: string,
  { posts, directory }: { readonly posts: number; readonly directory: string },
): Promise<string> {
  const lines: string[] = [];
  let token: string | undefined;
  for (let page = 0; page < Math.min(MAX_PAGES, posts / 100); page += 1) {
    const next = token === undefined ? "" : `&next_token=${token}`;
    const url = `${xUrl}/2/tweets/search/recent?query=from:nasa&max_results=100&post.fields=${FIELDS}${next}`;
    const answer = await fetch(url, { headers: { authorization: "Bearer local-token" } });
    const { data, meta } = (await answer.json()) as Page;
    lines.push(...data.map((post) => `${JSON.stringify(post)}\n`));
    token = meta.next_token;
    if (token === undefined) break;
  }
  const file = join(directory, `lines-${posts}.ndjson`);
  writeFileSync(file, lines.join(""));
  return file;
}
