import { fitted, LiveLine } from "../../../src/commands/terminal/live-line";

const CLEAR = "\r\u001b[2K";

describe("a line of parts", () => {
  it.each([
    [80, "1,234 posts  230/min  $6.17 spent, $13.83 left  lag 4 s"],
    [40, "1,234 posts  230/min  lag 4 s"],
    [12, "1,234 posts"],
    [5, "1,23…"],
  ])("fits into %d columns, the most important first", (columns, line) => {
    expect(fitted(["1,234 posts", "230/min", "$6.17 spent, $13.83 left", "lag 4 s"], columns)).toBe(line);
  });
});

describe("the live line", () => {
  function setUp(columns = 30) {
    let screen = "";
    const write = (text: string) => {
      screen += text;
    };
    const terminal = { columns: () => columns, write };
    const line = new LiveLine(terminal, () => ["one", "two"]);
    return { line, screen: () => screen };
  }

  it("is drawn, makes room for log lines, and is removed at the end", () => {
    const { line, screen } = setUp();
    line.start();
    line.say("a log line\n");
    line.stop();
    expect(screen()).toBe(`${CLEAR}one  two${CLEAR}a log line\n${CLEAR}one  two${CLEAR}`);
  });

  it("is not there before it starts, nor after it has stopped", () => {
    const { line, screen } = setUp();
    line.say("before\n");
    line.start();
    line.stop();
    line.stop();
    line.say("after\n");
    expect(screen()).toBe(`before\n${CLEAR}one  two${CLEAR}after\n`);
  });

  it("is not drawn by a terminal without control codes", () => {
    const written: string[] = [];
    const write = (text: string) => void written.push(text);
    const line = new LiveLine({ columns: () => 30, canRedraw: false, write }, () => ["one"]);
    line.start();
    line.say("a log line\n");
    line.stop();
    expect(written).toEqual(["a log line\n"]);
  });

  it("breaks log lines at words, and not what clears it", () => {
    const { line, screen } = setUp();
    line.start();
    line.say("13:25:50Z WARN Paused at --max-posts.\n");
    line.stop();
    expect(screen()).toContain(`${CLEAR}13:25:50Z WARN Paused at\n--max-posts.\n${CLEAR}`);
  });

  it("never fills the last column, where a terminal would wrap, nor the room of a Ctrl-C", () => {
    const { line, screen } = setUp(10);
    line.start();
    line.stop();
    expect(screen()).toContain(`${CLEAR}one${CLEAR}`);
  });
});
