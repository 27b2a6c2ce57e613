import { readRunOptions, readStreamOptions, START_SPEC } from "./run/options";
import { run } from "./run/run";
import { runStream } from "./run/stream/run-stream";
import { runCommand } from "./support/command-line";

void runCommand(START_SPEC, (options) =>
  options.stream === true ? runStream(readStreamOptions(options)) : run(readRunOptions(options, process.env)),
);
