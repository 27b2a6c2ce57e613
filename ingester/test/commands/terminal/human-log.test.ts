import { describeLine } from "../../../src/commands/terminal/human-log";

const line = (fields: object) => `${JSON.stringify({ time: "2026-11-23T18:21:27.365Z", ...fields })}\n`;

describe("log lines at a terminal", () => {
  it("show time, event and figures", () => {
    expect(describeLine(line({ level: "info", event: "caught_up", posts_read: 20 }))).toBe(
      "18:21:27       caught_up posts_read=20\n",
    );
  });

  it("mark what needs attention, and say it in words", () => {
    const warning = { level: "warn", event: "limit_reached", message: "paused", limit: "MONTHLY_POST_LIMIT" };
    expect(describeLine(line(warning))).toBe(
      "18:21:27 WARN  limit_reached paused limit=MONTHLY_POST_LIMIT\n",
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
