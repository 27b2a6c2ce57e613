import { ConfigError } from "../../src/loop/errors";
import { createLogger, createOutput, type LineOutput } from "../../src/runtime/logger";
import { createScrubber } from "../../src/runtime/scrub";

const TOKEN = "AAAAAAAAAAsecret%3Dtoken";

function logger(level = "info") {
  const written: string[] = [];
  const memory: LineOutput = { write: (line) => written.push(line) };
  const log = createLogger({ level, output: createOutput(createScrubber([TOKEN]), memory) });
  return { log, written, line: () => JSON.parse(written.at(-1) ?? "") };
}

describe("logger", () => {
  it("writes one JSON line with an ISO time, a level's name and the event", () => {
    const { log, written, line } = logger();
    log.info({ event: "caught_up", posts_read: 3 }, "all\nthere");
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^\{[^\n]*\}\n$/);
    expect(line()).toEqual({
      level: "info",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      event: "caught_up",
      posts_read: 3,
      message: "all\nthere",
    });
  });

  it("keeps quiet below its level", () => {
    const { log, written } = logger("warn");
    log.info({ event: "summary" });
    expect(written).toEqual([]);
  });

  it("never writes the token, not even from inside an error's cause", () => {
    const { log, written } = logger("debug");
    const cause = new Error(`GET /2/tweets with Bearer ${TOKEN} failed`);
    log.error({
      event: "read_failed",
      error: new Error(`no: ${TOKEN}`, { cause }),
      headers: { authorization: "x" },
    });
    expect(written.join("")).not.toContain("secret");
    expect(written.join("")).toContain("GET /2/tweets");
  });

  it("logs an error with its code and causes, without a stack", () => {
    const { log, line } = logger();
    const cause = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    log.error({ event: "failed", error: new TypeError("fetch failed", { cause }) });
    expect(line()).toMatchObject({
      message: "fetch failed",
      error: {
        type: "TypeError",
        message: "fetch failed",
        cause: { type: "Error", message: "connect ECONNREFUSED", code: "ECONNREFUSED" },
      },
    });
    expect(JSON.stringify(line())).not.toContain("stack");
  });

  it("shows the stack of an unexpected error at debug level", () => {
    const { log, line } = logger("debug");
    log.error({ event: "failed", error: new Error("bug") });
    expect(line().error.stack).toContain("logger.test.ts");
  });

  it("shows no stack of a user's mistake at any level", () => {
    const { log, line } = logger("trace");
    log.error({ event: "failed", error: new ConfigError(["HTTP_PORT is wrong"]) });
    expect(line().error).toEqual({ type: "ConfigError", message: "HTTP_PORT is wrong" });
  });

  it("survives causes that form a circle, and things thrown that are no errors", () => {
    const { log, line } = logger();
    const error: Error & { cause?: unknown } = new Error("round");
    error.cause = error;
    log.error({ event: "failed", error });
    expect(line().error.message).toBe("round");
    log.error({ event: "failed", error: "a string" });
    expect(line().error).toEqual({ type: "string", message: "a string" });
  });
});
