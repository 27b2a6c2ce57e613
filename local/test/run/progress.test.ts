import { CLEAR_LINE, Progress, type ProgressState, renderBar } from "../../run/progress";

const state: ProgressState = { read: 1500, delivered: 1000, objects: 3, total: 2000 };

/** Collects what is written; a terminal or not. */
function output(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 60, written, write: (text: string) => written.push(text) };
}

describe("renderBar", () => {
  it("shows the delivered share, and the counts", () => {
    expect(renderBar(state, 120)).toBe(
      `${"█".repeat(15)}${"░".repeat(15)}  50 %  read 1,500 of 2,000 posts  delivered 1,000  objects 3`,
    );
  });

  it.each([
    [60, `${"█".repeat(15)}${"░".repeat(15)}  50 %  delivered 1,000`],
    [30, `${"█".repeat(5)}${"░".repeat(5)}  50 %  objects 3`],
  ])("leaves out whole counts in a terminal of %d columns", (columns, line) => {
    expect(renderBar(state, columns)).toBe(line);
  });

  it("is full when there is nothing to do, and never fuller", () => {
    expect(renderBar({ ...state, total: 0 }, 80)).toContain("100 %");
    expect(renderBar({ ...state, delivered: 2001 }, 80)).toContain("100 %");
  });
});

describe("Progress", () => {
  it("rewrites one line on a terminal, no wider than it", () => {
    const terminal = output(true);
    const progress = new Progress(() => state, terminal);
    progress.say("a word");
    progress.stop();
    progress.stop();
    expect(terminal.written[0]).toBe("a word\n");
    const [, bar = ""] = terminal.written;
    expect(bar.startsWith(`${CLEAR_LINE}█`)).toBe(true);
    expect(bar.slice(CLEAR_LINE.length).length).toBeLessThan(60);
    expect(terminal.written.slice(2)).toEqual(["\n"]);
  });

  it("writes plain lines elsewhere, and none when there is nothing to do", () => {
    const file = output(false);
    new Progress(() => state, file).stop();
    expect(file.written).toEqual(["read 1,500 of 2,000 posts, delivered 1,000, objects 3\n"]);
    const idle = output(false);
    new Progress(() => ({ ...state, total: 0 }), idle).stop();
    expect(idle.written).toEqual([]);
  });
});
