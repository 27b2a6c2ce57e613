import { describeConnections, describeDiff } from "../../../src/commands/doctor/stream-checks";
import { workerWith } from "../../status/helpers";

const CONNECTION = { id: "1", connectedAtMs: Date.parse("2026-11-23T12:00:00Z"), clientIp: "192.0.2.7" };

describe("the connection of a stream", () => {
  it("is free, of a living worker, or to be ended", () => {
    expect(describeConnections([], [])).toContain("run can connect");
    expect(describeConnections([CONNECTION], [workerWith(1, "run")])).toMatch(
      /^1 connection .* since 2026-11-23T12:00:00.000Z, from 192.0.2.7, probably of run, .* exit code 4$/,
    );
    expect(describeConnections([CONNECTION], [])).toContain("run would end it once");
  });
});

describe("the rules of a stream", () => {
  it("that would change are named, a few of many", () => {
    const added = Array.from({ length: 7 }, (_, at) => ({ value: `word${at}`, tag: `tag-${at}` }));
    const text = describeDiff({ added, removed: [], kept: [], foreign: [] });
    expect(text).toContain("run would add 7 rules: tag-0, tag-1, tag-2, tag-3, tag-4, 2 more");
    expect(describeDiff({ added: [], removed: [], kept: [], foreign: [] })).toContain("nothing to change");
  });
});
