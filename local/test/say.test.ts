import { say } from "../support/say";

/** Collects what is written; a terminal of 20 columns or not. */
function output(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 20, written, write: (text: string) => written.push(text) };
}

describe("text of the local commands", () => {
  it.each([
    ["is broken at words in a terminal", true, "The ingester ended\nwith exit code 2.\n"],
    ["stays as it is elsewhere", false, "The ingester ended with exit code 2.\n"],
  ])("%s", (_what, isTty, shown) => {
    const out = output(isTty);
    say("The ingester ended with exit code 2.\n", out);
    expect(out.written).toEqual([shown]);
  });
});
