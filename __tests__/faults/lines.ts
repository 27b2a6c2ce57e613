/** Are delivered lines what X wrote? Each is compared with the simulator's own post. */
import { listObjects, readLines } from "../../local/bucket";
import { PostGenerator, type PostSelection } from "../../local/x-simulator/posts/post-generator";
import type { Timeline } from "../../local/x-simulator/timeline";
import type { World } from "../ingest/world";

const DATA_PREFIX = "tweets/";
/** Names of the older vocabulary that a line must not hold, whichever one X answered in. */
const OLD_NAMES = /"(note_tweet|referenced_tweets|edit_history_tweet_ids|retweet_count)":/;
const COMPARED: PostSelection = { fields: new Set(["created_at", "note_post"]), vocabulary: "post" };

interface Written {
  readonly id: string;
  readonly text: string;
  readonly created_at: string;
  readonly note_post?: { readonly text: string };
}

interface Line extends Written {
  readonly full_text?: string;
  readonly ingestion: { readonly schema_version: number; readonly dead_letter?: object };
}

/** Lines that are no whole post, in canonical names and with X's very text. @param seed of the simulator */
export async function countDamaged({ bucket, x }: World, seed: number): Promise<number> {
  const generator = new PostGenerator(seed, x.timeline);
  let damaged = 0;
  for (const object of await listObjects(bucket, DATA_PREFIX)) {
    for await (const text of readLines(object)) {
      const line = parse(text);
      if (line === undefined || OLD_NAMES.test(text) || !isFaithful(line, generator, x.timeline))
        damaged += 1;
    }
  }
  return damaged;
}

function parse(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}

function isFaithful(line: Line, generator: PostGenerator, timeline: Timeline): boolean {
  // What X sent that is no post has an id of the ingester's own (docs/record.md).
  if (line.id.startsWith("no-id-")) return true;
  const index = timeline.indexOf(BigInt(line.id));
  if (index === undefined || line.ingestion.schema_version !== 1) return false;
  const post = JSON.parse(generator.write(index, COMPARED)) as Written;
  // What a dead letter leaves out is named in it.
  if (line.ingestion.dead_letter !== undefined) return true;
  return (
    line.text === post.text &&
    line.created_at === post.created_at &&
    line.full_text === (post.note_post?.text ?? post.text)
  );
}
