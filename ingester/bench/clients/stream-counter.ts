/** twitter-api-v2's own reader of the filtered stream: it counts posts, and does nothing with them. */
import { Agent } from "node:http";
import { ETwitterStreamEvent, TwitterApi } from "twitter-api-v2";
import { variable } from "./variable";

async function main(): Promise<void> {
  const wanted = Number(variable("BENCH_POSTS"));
  const x = new TwitterApi(variable("X_BEARER_TOKEN"), { httpAgent: new Agent(), compression: false })
    .readOnly;
  const prefix = `${variable("X_API_URL")}/2/`;
  const stream = await x.v2.getStream("tweets/search/stream", undefined, { prefix });
  let count = 0;
  stream.on(ETwitterStreamEvent.Data, () => {
    count += 1;
    if (count === wanted) process.exit(0);
  });
}

void main();
