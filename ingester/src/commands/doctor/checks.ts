/** Checks of doctor that ask neither X nor the ledger. */
import { createServer } from "node:net";
import type { FirehoseConfig } from "../../config/aws";
import type { HttpConfig } from "../../config/config";
import { createFirehoseSink } from "../../firehose/sink";
import type { Worker } from "../../ledger/ledger";
import { describeWorker } from "../../loop/claim";
import { ConfigError } from "../../loop/errors";
import { plural } from "../../runtime/words";
import { listenError } from "../../status/http/server";
import { unknownFields } from "../../x/fields";

export const CHECK_TIMEOUT_MS = 20_000;

/** @param fields POST_FIELDS; undefined: all public ones */
export function checkFields(fields: readonly string[] | undefined): string {
  if (fields === undefined) return "POST_FIELDS is not set: all public post fields are asked for";
  const unknown = unknownFields(fields);
  if (unknown.length === 0)
    return `POST_FIELDS asks for ${plural(fields.length, "field")}, all of them known`;
  throw new ConfigError([
    `POST_FIELDS holds names that X's API does not list: ${unknown.join(", ")}. Correct them; X refuses them, and a run goes on without them.`,
  ]);
}

export async function checkStream({ target }: FirehoseConfig): Promise<string> {
  const sink = createFirehoseSink({ target, observe: () => undefined });
  try {
    await sink.check(AbortSignal.timeout(CHECK_TIMEOUT_MS));
    const where = [
      target.region === undefined ? "the region of the AWS config file" : target.region,
      ...(target.endpointUrl === undefined ? [] : [`at ${target.endpointUrl}`]),
    ];
    return `${target.streamName} takes records, in ${where.join(" ")}`;
  } finally {
    sink.close();
  }
}

/** A run needs the port of its status page; a worker that is alive has probably taken it. */
export async function checkPage({ port, host }: HttpConfig, workers: readonly Worker[]): Promise<string> {
  if (port === 0) return "HTTP_PORT=0: a run has no status page";
  const error = await listenOnce(port, host);
  if (error === undefined) return `port ${port} on ${host} is free for it`;
  const [worker] = workers;
  if (error.code === "EADDRINUSE" && worker !== undefined) {
    return `port ${port} is in use, probably by ${describeWorker(worker)}; a second run needs another HTTP_PORT`;
  }
  throw listenError({ port, host }, error);
}

function listenOnce(port: number, host: string): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
