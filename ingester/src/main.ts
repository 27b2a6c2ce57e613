/** The ingester's command line: picks the command, and turns whatever happens into a message and an exit code. */
import type { Command } from "./cli/command";
import { completionFor } from "./cli/completion";
import { helpOf } from "./cli/help";
import { parseInvocation } from "./cli/parse";
import type { CommandIo } from "./commands/io";
import { askInTerminal } from "./commands/terminal/ask";
import { EXIT, type ExitCode, IngesterError } from "./loop/errors";
import { leave } from "./runtime/endings/leave";
import { guardStdout, type OutputGone } from "./runtime/endings/stdout";
import { loadEnvFile } from "./runtime/env-file";
import { collectEarly } from "./runtime/garbage";
import { proxySecrets } from "./runtime/network/proxy";
import { createScrubber } from "./runtime/scrub";
import { VERSION } from "./runtime/version";
import { wrapped } from "./runtime/wrap";

// The lockfile pins an SDK that supports this Node; what later versions of it will need is no news for who runs this.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** How long `run` and `backfill` wait at their end for a reader of stdout that does not read. */
const SERVICE_FLUSH_MS = 1_000;
/** Where there is no terminal, or one that does not know its width. */
const DEFAULT_COLUMNS = 80;

async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  switch (command.name) {
    case "help":
      io.write(helpOf(command.topic, io.columns()));
      return EXIT.done;
    case "completion":
      io.write(completionFor(command.shell));
      return EXIT.done;
    case "version":
      io.write(`${VERSION}\n`);
      return EXIT.done;
    case "run":
      await (await import("./commands/run")).runCommand(command, io);
      return EXIT.done;
    case "backfill":
      await (await import("./commands/backfill/backfill")).backfillCommand(command, io);
      return EXIT.done;
    case "estimate":
      await (await import("./commands/estimate/estimate")).estimateCommand(command, io);
      return EXIT.done;
    case "doctor":
      return (await import("./commands/doctor/doctor")).doctorCommand(command, io);
    case "coverage":
      await (await import("./commands/coverage/coverage")).coverageCommand(command, io);
      return EXIT.done;
    case "budget":
      await (await import("./commands/budget")).budgetCommand(command, io);
      return EXIT.done;
    case "audit":
      return (await import("./commands/audit/audit")).auditCommand(command, io);
    case "rules":
      await (await import("./commands/rules")).rulesCommand(command, io);
      return EXIT.done;
  }
}

/** One message on stderr. Stack traces are for mistakes of ours, not of the user's. */
function explain(error: unknown, io: CommandIo): ExitCode {
  const expected = error instanceof IngesterError;
  const text = expected
    ? error.message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
  complain(text, io);
  return expected ? error.exitCode : EXIT.failure;
}

/** A command that went well, but for its output: its reader may end early, and whatever else goes wrong is a failure. */
function concludeWithout({ message, isClosed }: OutputGone, io: CommandIo): ExitCode {
  complain(`stopped: ${message}.`, io);
  return isClosed ? EXIT.done : EXIT.failure;
}

function complain(text: string, io: CommandIo): void {
  const scrub = createScrubber([io.env.X_BEARER_TOKEN, ...proxySecrets()]);
  const separator = text.includes("\n") ? "\n" : " ";
  const message = scrub(`ingester:${separator}${text}\n`);
  const { isTTY, columns } = process.stderr;
  process.stderr.write(isTTY ? wrapped(message, columns || DEFAULT_COLUMNS) : message);
}

async function main(): Promise<void> {
  collectEarly();
  const stdout = guardStdout();
  const isTty = process.stdout.isTTY === true;
  const columns = () => process.stdout.columns || DEFAULT_COLUMNS;
  const io: CommandIo = {
    env: process.env,
    write: stdout.write,
    say: isTty ? (text) => stdout.write(wrapped(text, columns())) : stdout.write,
    outputGone: stdout.gone,
    isTty,
    canRedraw: process.env.TERM !== "dumb",
    columns,
    ask: process.stdout.isTTY && process.stdin.isTTY ? askInTerminal : undefined,
  };
  let command: Command | undefined;
  let exitCode: ExitCode;
  try {
    const { envFile, ...invocation } = parseInvocation(process.argv.slice(2), Date.now());
    ({ command } = invocation);
    if (envFile !== undefined) loadEnvFile(envFile);
    exitCode = await run(command, io);
  } catch (error) {
    exitCode = explain(error, io);
  }
  const isService = command?.name === "run" || command?.name === "backfill";
  await stdout.flush(isService ? SERVICE_FLUSH_MS : undefined);
  if (stdout.gone.aborted && exitCode === EXIT.done) {
    exitCode = concludeWithout(stdout.gone.reason as OutputGone, io);
    await stdout.flush(SERVICE_FLUSH_MS);
  }
  // Timers and connections of work that is over must not keep the task, and its bill, alive.
  leave(exitCode);
}

void main();
