/**
 * Standard output that can go away: its reader ends (`| head -1`), its terminal closes, its device is full. Node reports
 * that as an event, later, and ends the process with a stack trace where nothing listens.
 */

export interface Stdout {
  /** Never throws. What is written after the output has gone is dropped. */
  readonly write: (text: string) => void;
  /** Aborts when the output cannot be written any more; its reason is an OutputGone. */
  readonly gone: AbortSignal;
  /** Resolves when everything is written, cannot be written, or the time is over. Pipes are written later than asked. */
  flush(timeoutMs?: number): Promise<void>;
}

export class OutputGone extends Error {
  override readonly name = "OutputGone";

  constructor(
    message: string,
    /** Its reader has ended, and has all that it wanted; else something is lost that was asked for. */
    readonly isClosed: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** How writing to a pipe or socket fails whose other end is closed. */
const CLOSED = new Set(["EPIPE", "ECONNRESET", "ENOTCONN", "ERR_STREAM_DESTROYED"]);

interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** @param streams @default process */
export function guardStdout({ stdout, stderr }: Streams = process): Stdout {
  const gone = new AbortController();
  const fail = (error: NodeJS.ErrnoException) => gone.abort(goneBy(error, stdout.isTTY === true));
  stdout.on("error", fail);
  // Where stderr cannot be written, nothing is left to say so on; the exit code says the rest.
  stderr.on("error", () => undefined);
  return {
    write(text) {
      if (!gone.signal.aborted) attempt(() => stdout.write(text), fail);
    },
    gone: gone.signal,
    async flush(timeoutMs) {
      await within(timeoutMs, Promise.all([drained(stdout), drained(stderr)]));
    },
  };
}

/** A terminal that has been closed answers EIO. */
function goneBy(error: NodeJS.ErrnoException, isTerminal: boolean): OutputGone {
  const { code = "unknown", message } = error;
  const isClosed = CLOSED.has(code) || (isTerminal && code === "EIO");
  const said = isClosed
    ? `nothing reads stdout any more (${code})`
    : `stdout cannot be written (${message.startsWith(code) ? message : `${code}: ${message}`})`;
  return new OutputGone(said, isClosed, { cause: error });
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    attempt(
      () => stream.write("", () => resolve()),
      () => resolve(),
    );
  });
}

function attempt(write: () => unknown, failed: (error: NodeJS.ErrnoException) => void): void {
  try {
    write();
  } catch (error) {
    failed(error as NodeJS.ErrnoException);
  }
}

async function within(timeoutMs: number | undefined, work: Promise<unknown>): Promise<void> {
  if (timeoutMs === undefined) return void (await work);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
