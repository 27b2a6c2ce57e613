/**
 * X's filtered stream at a steady rate: posts that were made beforehand, each with an id of its own. In a process of its own,
 * so that a client's figures are the client's. Usage: `tsx feed.ts POSTS POSTS_PER_SECOND`
 */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { PostGenerator, type PostSelection } from "../../../local/x-simulator/posts/post-generator";
import { firstIdAt } from "../../../local/x-simulator/snowflake";
import { Timeline } from "../../../local/x-simulator/timeline";
import { dueAfter } from "./pace";

const DIFFERENT = 1_000;
const TICK_MS = 10;
const RULES = '[{"id":"1","tag":"cats"}]';
const DAY_MS = 86_400_000;
/** As the ingester asks for: every public field. */
const SELECTION: PostSelection = {
  fields: new Set(
    "attachments author_id context_annotations conversation_id created_at display_text_range edit_controls entities geo id lang note_post possibly_sensitive public_metrics referenced_posts reply_settings text".split(
      " ",
    ),
  ),
  vocabulary: "tweet",
};

async function feed(response: ServerResponse, posts: number, rate: number): Promise<void> {
  response.writeHead(200, { "content-type": "application/json" });
  const bodies = recorded();
  const first = firstIdAt(Date.now());
  const started = performance.now();
  for (let at = 0; at < posts && !response.destroyed; ) {
    const due = Math.min(posts, dueAfter((performance.now() - started) / 1_000, rate));
    const records: string[] = [];
    for (; at < due; at += 1)
      records.push(`{"data":{"id":"${first + BigInt(at)}"${bodies[at % DIFFERENT]}\r\n`);
    if (records.length > 0 && !response.write(records.join(""))) await once(response, "drain");
    await new Promise((done) => setTimeout(done, TICK_MS));
  }
  // It stays open, as a stream does.
}

/** Records without their beginning, up to the id. */
function recorded(): readonly string[] {
  const timeline = new Timeline(1, [{ count: DIFFERENT, fromMs: Date.now() - DAY_MS, toMs: Date.now() }]);
  const generator = new PostGenerator(1, timeline);
  return Array.from({ length: DIFFERENT }, (_, at) => {
    const post = generator.write(at, SELECTION);
    return `${post.replace(/^\{"id":"\d+"/, "")},"matching_rules":${RULES}}`;
  });
}

function main(): void {
  const [posts, rate] = process.argv.slice(2).map(Number);
  if (!posts || !rate) throw new Error("Usage: tsx feed.ts POSTS POSTS_PER_SECOND");
  const listed = [{ id: "1", value: "cats", tag: "tweets-to-s3:tweet_stream:cats" }];
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/2/tweets/search/stream?") || request.url === "/2/tweets/search/stream") {
      void feed(response, posts, rate);
    } else if (request.url?.startsWith("/2/tweets/search/stream/rules")) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ data: listed, meta: { result_count: 1 } }));
    } else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1", () => {
    process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
  });
  process.once("SIGTERM", () => process.exit(0));
}

main();
