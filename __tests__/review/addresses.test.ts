import { lostAddresses, pinnedWith } from "../../scripts/review/addresses";

const OLD = "aws_s3_bucket.old";
const pinned = { stack: [OLD] };

function stackWith(ids: readonly string[], moves: Readonly<Record<string, string>> = {}) {
  const resource = { aws_s3_bucket: Object.fromEntries(ids.map((id) => [id, {}])) };
  const moved = Object.entries(moves).map(([from, to]) => ({
    from: `aws_s3_bucket.${from}`,
    to: `aws_s3_bucket.${to}`,
  }));
  return new Map([["stack", { resource, moved }]]);
}

describe("a pinned address", () => {
  it.each([
    ["exists", stackWith(["old", "new"])],
    ["was moved", stackWith(["new"], { old: "new" })],
    ["was moved twice", stackWith(["newest"], { old: "new", new: "newest" })],
  ])("is kept when it %s", (_how, stacks) => {
    expect(lostAddresses(pinned, stacks)).toEqual([]);
  });

  it.each([
    ["vanished", stackWith(["new"])],
    ["was moved to where nothing is", stackWith(["new"], { old: "elsewhere" })],
    ["was moved in a circle", stackWith(["new"], { old: "other", other: "old" })],
    ["was in a stack that vanished", new Map()],
  ])("is lost when it %s", (_how, stacks) => {
    expect(lostAddresses(pinned, stacks)).toEqual([{ stack: "stack", address: OLD }]);
  });

  it("stays pinned when new ones come", () => {
    expect(pinnedWith(pinned, stackWith(["new"]))).toEqual({ stack: ["aws_s3_bucket.new", OLD] });
  });
});
