/**
 * The article's loop in TypeScript, with the ingester's own libraries: page by page, one PutRecord per post, no
 * checkpoint, no limit, results ignored. The article asks for the text alone; this one for the ingester's fields, so that
 * both move the same posts.
 */
import { Agent } from "node:http";
import { FirehoseClient, PutRecordCommand } from "@aws-sdk/client-firehose";
import { TwitterApi } from "twitter-api-v2";
import { variable } from "./variable";

interface Page {
  readonly data?: readonly object[];
  readonly meta: { readonly next_token?: string };
}

async function main(): Promise<void> {
  const httpAgent = new Agent({ keepAlive: true });
  const x = new TwitterApi(variable("X_BEARER_TOKEN"), { httpAgent, compression: false }).readOnly;
  const firehose = new FirehoseClient({ endpoint: variable("AWS_ENDPOINT_URL_FIREHOSE") });
  const prefix = `${variable("X_API_URL")}/2/`;
  const fields = { "post.fields": variable("BENCH_POST_FIELDS") };
  const query = { query: variable("SEARCH_QUERY"), max_results: "100", ...fields };
  let token: string | undefined;
  do {
    const params = token === undefined ? query : { ...query, next_token: token };
    const page = await x.v2.get<Page>("tweets/search/recent", params, { prefix });
    for (const post of page.data ?? []) {
      const Record = { Data: Buffer.from(`${JSON.stringify(post)}\n`) };
      await firehose.send(
        new PutRecordCommand({ DeliveryStreamName: variable("FIREHOSE_STREAM_NAME"), Record }),
      );
    }
    token = page.meta.next_token;
  } while (token !== undefined);
}

main().then(() => process.exit(0));
