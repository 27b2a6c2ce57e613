/** Prints what the SDK client makes of failures of the network. Argument: a server that breaks every connection. */
import { FirehoseFailure } from "../../../src/firehose/api";
import { createFirehoseClient } from "../../../src/firehose/client";

async function failureAt(endpointUrl: string): Promise<Pick<FirehoseFailure, "kind" | "code"> | undefined> {
  const api = createFirehoseClient({ streamName: "tweet_stream", region: "eu-west-1", endpointUrl });
  try {
    await api.describe(new AbortController().signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof FirehoseFailure)) throw error;
    return { kind: error.kind, code: error.code };
  } finally {
    api.close();
  }
}

async function main(breaking = ""): Promise<void> {
  const failures = {
    broken: await failureAt(breaking),
    unreached: await failureAt("http://127.0.0.1:1"),
    unencrypted: await failureAt(breaking.replace("http:", "https:")),
  };
  process.stdout.write(JSON.stringify(failures));
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
});
