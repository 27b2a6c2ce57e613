/** The ingester's command line: picks the command, and turns whatever happens into a message and an exit code. */
import { parseCommand } from "./cli";
import { HELP } from "./commands/help";
import type { CommandIo } from "./commands/io";
import { EXIT, type ExitCode, IngesterError } from "./loop/errors";
import { proxySecrets } from "./runtime/proxy";
import { createScrubber } from "./runtime/scrub";
import { VERSION } from "./runtime/version";

// The lockfile pins an SDK that supports this Node; what later versions of it will need is no news for who runs this.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

async function main(argv: readonly string[], io: CommandIo): Promise<ExitCode> {
  const command = parseCommand(argv, Date.now());
  switch (command.name) {
    case "help":
      io.write(HELP);
      return EXIT.done;
    case "version":
      io.write(`${VERSION}\n`);
      return EXIT.done;
    case "run":
      await (await import("./commands/run")).runCommand(command, io);
      return EXIT.done;
    case "backfill":
      await (await import("./commands/backfill")).backfillCommand(command, io);
      return EXIT.done;
    case "estimate":
      await (await import("./commands/estimate")).estimateCommand(command, io);
      return EXIT.done;
    case "doctor":
      return (await import("./commands/doctor")).doctorCommand(command, io);
    case "coverage":
      await (await import("./commands/coverage")).coverageCommand(command, io);
      return EXIT.done;
    case "budget":
      await (await import("./commands/budget")).budgetCommand(command, io);
      return EXIT.done;
  }
}

/** One message on stderr. Stack traces are for mistakes of ours, not of the user's. */
function explain(error: unknown, io: CommandIo): ExitCode {
  const scrub = createScrubber([io.env.X_BEARER_TOKEN, ...proxySecrets()]);
  const expected = error instanceof IngesterError;
  const text = expected
    ? error.message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
  const separator = text.includes("\n") ? "\n" : " ";
  process.stderr.write(scrub(`ingester:${separator}${text}\n`));
  return expected ? error.exitCode : EXIT.failure;
}

const io: CommandIo = {
  env: process.env,
  write: (text) => process.stdout.write(text),
  isTty: process.stdout.isTTY === true,
};

main(process.argv.slice(2), io)
  .catch((error: unknown) => explain(error, io))
  // Timers and connections of work that is over must not keep the task, and its bill, alive.
  .then((exitCode) => process.exit(exitCode));
