/**
 * A process of its own that takes a checkpoint when told to, for tests that kill it. Argument: JSON, `{file}` or
 * `{dynamo}`, options of the state. Message in: "acquire" or "release". Message out: "held", "released" or an error's
 * name and message.
 */
import { createDynamoState, type DynamoStateOptions } from "../../../src/checkpoint/dynamodb";
import { createFileState, type FileStateOptions } from "../../../src/checkpoint/file-state";

export interface HolderOptions {
  readonly file?: FileStateOptions;
  readonly dynamo?: DynamoStateOptions;
}

function stateFor({ file, dynamo }: HolderOptions) {
  if (file !== undefined) return createFileState(file);
  if (dynamo !== undefined) return createDynamoState(dynamo);
  throw new Error("Give file or dynamo.");
}

const { checkpoints } = stateFor(JSON.parse(process.argv[2] ?? "{}"));

async function obey(command: unknown): Promise<string> {
  if (command === "release") {
    await checkpoints.release();
    return "released";
  }
  const position = await checkpoints.acquire(new AbortController().signal);
  await checkpoints.save({ gaps: [], sinceId: String(Number(position?.sinceId ?? 0) + 1) });
  return "held";
}

process.on("message", (command) => {
  obey(command).then(
    (outcome) => process.send?.(outcome),
    (error: Error) => process.send?.(`${error.name}: ${error.message}`),
  );
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
