import { wrapped } from "../../runtime/wrap";

const DEFAULT_COLUMNS = 80;

/** Puts a question to the person at the terminal. Anything but yes is no; so is the end of input. */
export async function askInTerminal(question: string): Promise<boolean> {
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const closed = new Promise<undefined>((resolve) => terminal.once("close", () => resolve(undefined)));
    const asked = wrapped(`${question} [y/N] `, process.stdout.columns || DEFAULT_COLUMNS);
    const answer = await Promise.race([terminal.question(asked), closed]);
    // After Ctrl-C or the end of input the cursor is still behind the question.
    if (answer === undefined) process.stdout.write("\n");
    return /^y(es)?$/i.test(answer?.trim() ?? "");
  } finally {
    terminal.close();
  }
}
