/**
 * X's filtered stream as fast as its client takes it: posts that were made beforehand, each with an id of its own. In a
 * process of its own, so that a client's figures are the client's.
 */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { PostGenerator, type PostSelection } from "../../../local/x-simulator/posts/post-generator";
import { firstIdAt } from "../../../local/x-simulator/snowflake";
import { Timeline } from "../../../local/x-simulator/timeline";

const DIFFERENT = 1_000;
/** Rates grow on X, too: so many posts come first, each time in a second, and then everything at full speed. */
const RAMP = [300, 2_300] as const;
const RAMP_MS = 1_500;
const CHUNK = 50;
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

async function feed(response: ServerResponse, posts: number): Promise<void> {
  response.writeHead(200, { "content-type": "application/json" });
  const bodies = recorded();
  const first = firstIdAt(Date.now());
  const buffered: string[] = [];
  for (let at = 0; at < posts; at += 1) {
    buffered.push(`{"data":{"id":"${first + BigInt(at)}"${bodies[at % DIFFERENT]}\r\n`);
    if (buffered.length < CHUNK && at < posts - 1) continue;
    if (!response.write(buffered.splice(0).join(""))) await once(response, "drain");
    if (RAMP.some((count) => count === at + 1)) await new Promise((done) => setTimeout(done, RAMP_MS));
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
  const posts = Number(process.argv[2]);
  const listed = [{ id: "1", value: "cats", tag: "tweets-to-s3:tweet_stream:cats" }];
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/2/tweets/search/stream?") || request.url === "/2/tweets/search/stream") {
      void feed(response, posts);
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
