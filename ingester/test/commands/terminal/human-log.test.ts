import { describeLine } from "../../../src/commands/terminal/human-log";

const line = (fields: object) => `${JSON.stringify({ time: "2026-11-23T18:21:27.365Z", ...fields })}\n`;

describe("log lines at a terminal", () => {
  it.each([
    [
      { event: "started", queries: ["tweet_stream/cats"], http_port: 8080 },
      "Collecting tweet_stream/cats. Status page: http://localhost:8080/",
    ],
    [
      {
        event: "caught_up",
        posts_read: 1,
        posts_delivered: 1,
        holes_open: 0,
        lag_seconds: 4,
        spent_usd: 0.005,
      },
      "Caught up: 1 post read, 1 delivered, lag 4 s, $0.005 spent in this billing cycle.",
    ],
    [
      { event: "summary", posts_read: 1_200, posts_delivered: 1_100, holes_open: 1, at_risk_usd: 0.5 },
      "1,200 posts read, 1,100 delivered, 1 hole open, $0.50 at risk.",
    ],
    [{ event: "stopped", posts_read: 0, posts_delivered: 0 }, "Stopped: 0 posts read, 0 delivered."],
    [{ event: "recovered" }, "It works again."],
    [
      { event: "rules_in_force", rules: 5, added: ["a", "b", "c", "d"], removed: ["e"] },
      "5 rules in force at X, added a, b, c and 1 more, removed e.",
    ],
    [
      {
        event: "stream_connected",
        hole: { from: "2026-11-23T08:00:10.000Z", to: "2026-11-23T08:00:42.000Z" },
      },
      "Connected to the filtered stream. It leaves a hole from 08:00:10Z to 08:00:42Z.",
    ],
    [{ event: "stream_connected" }, "Connected to the filtered stream."],
    [
      { event: "hole_filled", from: "2026-11-23T23:59:50Z", to: "2026-11-24T00:00:10Z", skipped: 1 },
      "Search has filled the hole from 2026-11-23 23:59:50Z to 2026-11-24 00:00:10Z, but for 1 rule.",
    ],
    [
      { event: "limit_renewed", limit: "MONTHLY_USD_LIMIT" },
      "MONTHLY_USD_LIMIT has renewed: buying goes on.",
    ],
  ])("are sentences: %j", (fields, sentence) => {
    expect(describeLine(line({ level: "info", ...fields }))).toBe(`18:21:27Z ${sentence}\n`);
  });

  it.each([
    ["2026-11-23T18:40:38.000Z", "X is asked again at 18:40:38Z."],
    ["2026-11-24T00:00:00.000Z", "X is asked again at 2026-11-24 00:00:00Z."],
  ])("say when a wait for X ends: %s", (until, words) => {
    const fields = { level: "warn", event: "source_waiting", until, message: 'Too many. X says: "No"' };
    expect(describeLine(line(fields))).toBe(`18:21:27Z WARN  Too many. X says: "No". ${words}\n`);
  });

  it("mark what needs attention, and say it in words alone", () => {
    const warning = {
      level: "warn",
      event: "limit_reached",
      message: "Paused.",
      limit: "MONTHLY_POST_LIMIT",
    };
    expect(describeLine(line(warning))).toBe("18:21:27Z WARN  Paused.\n");
  });

  it("show the figures of an event that has no sentence", () => {
    expect(describeLine(line({ level: "debug", event: "page_read", posts: 100 }))).toBe(
      "18:21:27Z page read posts=100\n",
    );
  });

  it("show an error by its message", () => {
    const error = { type: "Error", message: "no connection" };
    expect(describeLine(line({ level: "error", event: "failed", error }))).toContain("error=no connection");
  });

  it("leave out the failure that the command ends with", () => {
    expect(describeLine(line({ level: "fatal", event: "failed" }))).toBe("");
  });

  it.each(['{"_aws":{}}\n', "not json\n"])("leave out what is no log line: %s", (text) => {
    expect(describeLine(text)).toBe("");
  });
});
