import { spawn } from "node:child_process";

/** How a program is run. */
export interface ChildOptions {
  /** Written to standard input: the way for a secret, since arguments are visible to everyone on a machine. */
  readonly input?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Working directory. @default - this process's */
  readonly cwd?: string;
  /** Ends the program after this long. @default - never */
  readonly timeoutMs?: number;
  /** Called with the process id, as soon as there is one. */
  readonly started?: (pid: number) => void;
}

/** What a program said, and how it ended. */
export interface Outcome {
  /** `null` when it was not started, or a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it could not be started (ENOENT), or that time was up (ABORT_ERR). */
  readonly failure?: NodeJS.ErrnoException;
}

type Output = "captured" | "shown";

/** Runs a program and keeps what it prints. Never rejects. */
export function capture(
  command: string,
  args: readonly string[],
  options: ChildOptions = {},
): Promise<Outcome> {
  return start(command, args, { ...options, output: "captured" });
}

/** Runs a program whose output the user sees as it comes; for builds and pushes, which take their time. */
export function show(command: string, args: readonly string[], options: ChildOptions = {}): Promise<Outcome> {
  return start(command, args, { ...options, output: "shown" });
}

function start(
  command: string,
  args: readonly string[],
  { input, env, cwd, timeoutMs, started, output }: ChildOptions & { readonly output: Output },
): Promise<Outcome> {
  const stdio = output === "shown" ? "inherit" : "pipe";
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
    stdio: [input === undefined ? "ignore" : "pipe", stdio, stdio],
    // Not spawn's own timeout, whose timer outlives a program that could not be started.
    ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
  });
  if (child.pid !== undefined) started?.(child.pid);
  const stdout = textOf(child.stdout);
  const stderr = textOf(child.stderr);
  // A program that ends without reading its input says why itself.
  child.stdin?.on("error", () => {}).end(input);
  return new Promise((resolve) => {
    const end = (code: number | null, failure?: NodeJS.ErrnoException) =>
      resolve({ code, stdout: stdout(), stderr: stderr(), ...(failure ? { failure } : {}) });
    child.once("error", (error) => end(null, error));
    child.once("close", (code) => end(code));
  });
}

function textOf(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}
