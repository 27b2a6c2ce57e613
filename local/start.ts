import { readRunOptions, START_SPEC } from "./run/options";
import { run } from "./run/run";
import { runCommand } from "./support/command-line";

void runCommand(START_SPEC, (options) => run(readRunOptions(options, process.env)));
