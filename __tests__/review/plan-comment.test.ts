import {
  MAX_COMMENT_CHARACTERS,
  noPlanComment,
  type PlannedChange,
  planComment,
} from "../../scripts/review/plan-comment";

function commentOn(changes: readonly PlannedChange[], text = "Terraform will perform ..."): string {
  return planComment({
    stack: "tweets-dev-data",
    changes,
    text,
    runUrl: "https://example.com/run",
    commit: "abc123",
  });
}

describe("a plan's comment", () => {
  it("says which commit was planned", () => {
    expect(commentOn([])).toContain("[Run](https://example.com/run) of abc123");
  });

  it("stands in the place of an earlier plan when there is none, with what was refused", () => {
    const none = { stack: "tweets-dev-data", runUrl: "https://example.com/run", commit: "def456" };
    expect(noPlanComment({ ...none, refused: "" })).toBe(
      "### ❌ `tweets-dev-data`: no plan\n\n[Run](https://example.com/run) of def456. Nothing can be applied until a plan succeeds.\n",
    );
    const refused =
      "::error::tweets-dev-data has provisioners, which run programs: resource.a.b.provisioner.\n";
    expect(noPlanComment({ ...none, refused })).toContain(
      "- **tweets-dev-data has provisioners, which run programs: resource.a.b.provisioner.**",
    );
  });

  it("says so when nothing changes", () => {
    const comment = commentOn([], "No changes.");
    expect(comment).toContain("### ✅ `tweets-dev-data`: no changes");
    expect(comment).not.toContain("<details>");
  });

  it("counts what changes, and shows a changed output", () => {
    const comment = commentOn([
      { address: "a.b", actions: ["create"] },
      { address: "a.c", actions: ["update"] },
      { address: "a.d", actions: ["update"] },
    ]);
    expect(comment).toContain("### 📝 `tweets-dev-data`: 1 to create, 2 to change");
    expect(comment).not.toContain("CAUTION");
    expect(commentOn([], "Changes to Outputs:")).toContain("<details>");
  });

  it("warns of what is destroyed or replaced, by name", () => {
    const comment = commentOn([
      { address: "aws_s3_bucket.tweets_storage", actions: ["delete", "create"] },
      { address: "aws_sns_topic.topic", actions: ["delete"] },
    ]);
    expect(comment).toContain("### 🛑 `tweets-dev-data`: 1 to REPLACE, 1 to DESTROY");
    expect(comment).toContain("> [!CAUTION]");
    expect(comment).toContain("- **`aws_s3_bucket.tweets_storage` is replaced**");
    expect(comment).toContain("- **`aws_sns_topic.topic` is destroyed**");
  });

  it("shows a moved address as no loss", () => {
    const comment = commentOn([{ address: "a.new", actions: ["no-op"], previous: "a.old" }]);
    expect(comment).toContain("1 moved");
    expect(comment).toContain("- `a.old` → `a.new`");
    expect(comment).not.toContain("CAUTION");
  });

  it("stays within what GitHub takes, however much changes", () => {
    const changes = Array.from({ length: 1000 }, (_, index) => ({
      address: `aws_cloudwatch_metric_alarm.${"a".repeat(100)}_${index}`,
      actions: ["delete"],
    }));
    const comment = commentOn(changes, "x".repeat(200_000));
    expect(comment.length).toBeLessThan(MAX_COMMENT_CHARACTERS);
    expect(comment).toContain("1000 to DESTROY");
    expect(comment).toContain("- and 950 more");
  });

  it("keeps the plan's text inside its fence", () => {
    const comment = commentOn([{ address: "a.b", actions: ["create"] }], "a\n```\n</details>");
    expect(comment).toContain("````hcl\na\n```\n</details>\n````");
  });
});
