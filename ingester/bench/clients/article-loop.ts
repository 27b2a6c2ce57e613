/**
 * The article's loop in TypeScript, with the ingester's own libraries: page by page, one PutRecord per post, only its
 * text, no checkpoint, no limit, results ignored.
 */
import { Agent } from "node:http";
import { FirehoseClient, PutRecordCommand } from "@aws-sdk/client-firehose";
import { TwitterApi } from "twitter-api-v2";
import { variable } from "./variable";

interface Page {
  readonly data?: readonly { readonly id: string; readonly text: string }[];
  readonly meta: { readonly next_token?: string };
}

async function main(): Promise<void> {
  const httpAgent = new Agent({ keepAlive: true });
  const x = new TwitterApi(variable("X_BEARER_TOKEN"), { httpAgent, compression: false }).readOnly;
  const firehose = new FirehoseClient({ endpoint: variable("AWS_ENDPOINT_URL_FIREHOSE") });
  const prefix = `${variable("X_API_URL")}/2/`;
  const query = { query: variable("SEARCH_QUERY"), max_results: "100" };
  let token: string | undefined;
  do {
    const params = token === undefined ? query : { ...query, next_token: token };
    const page = await x.v2.get<Page>("tweets/search/recent", params, { prefix });
    for (const { text } of page.data ?? []) {
      const Record = { Data: Buffer.from(`${text}\n`) };
      await firehose.send(
        new PutRecordCommand({ DeliveryStreamName: variable("FIREHOSE_STREAM_NAME"), Record }),
      );
    }
    token = page.meta.next_token;
  } while (token !== undefined);
}

main().then(() => process.exit(0));
