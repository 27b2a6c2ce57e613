import { join } from "node:path";
import { propsMembers } from "./documented-props";

const STACKS = join(__dirname, "../../stacks");
const members = ["constructs", "ingestion"].flatMap((folder) => propsMembers(join(STACKS, folder)));

describe("props that the package exports", () => {
  it("are found", () => {
    expect(members.length).toBeGreaterThan(200);
    expect(members).toContainEqual({
      name: "aws/log-group.ts: LogGroupProps.retentionDays",
      optional: false,
      comment: " One of the numbers of days that CloudWatch Logs knows. ",
    });
  });

  it("are documented, every one", () => {
    const silent = members.filter(({ comment }) => comment.trim() === "");
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it("say what an optional one defaults to", () => {
    const vague = members.filter(({ optional, comment }) => optional && !/@default \S/.test(comment));
    expect(vague.map(({ name }) => name)).toEqual([]);
  });

  it("have their units in their names", () => {
    const unitless = members.filter(({ name }) =>
      /\.(\w*(size|interval|timeout|retention|expire))$/i.test(name),
    );
    expect(unitless.map(({ name }) => name)).toEqual([]);
  });
});
