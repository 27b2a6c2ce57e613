import { FirehoseClient } from "@aws-sdk/client-firehose";

/** The real SDK's client, pointed at a local endpoint. One attempt, so that a test sees what was answered. */
export function firehoseClient(url: string): FirehoseClient {
  return new FirehoseClient({
    endpoint: url,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
}

/** Records holding these texts. */
export function recordsOf(...texts: readonly string[]): { readonly Data: Uint8Array }[] {
  return texts.map((text) => ({ Data: Buffer.from(text) }));
}
