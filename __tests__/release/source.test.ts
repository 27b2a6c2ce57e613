import { sectionsOf } from "../../scripts/release/changelog";
import { notesOf, problemsOf, type ReleaseSource } from "../../scripts/release/source";

const RELEASED = `# Changelog

## [Unreleased]

## [1.2.0] - 2026-11-27

### Added

- One thing.

## [1.1.0] - 2026-10-01

- Another.
`;

function source(changes: Partial<ReleaseSource> & { readonly changelog?: string } = {}): ReleaseSource {
  const { changelog = RELEASED, ...others } = changes;
  return {
    version: "1.2.0",
    commit: "c0ffee",
    changedFiles: [],
    isRecorded: true,
    sections: sectionsOf(changelog),
    ...others,
  };
}

describe("a release", () => {
  it("is made of a clean commit whose version, tag and changelog agree", () => {
    expect(problemsOf(source(), "v1.2.0")).toEqual([]);
  });

  it("has the notes of its version alone", () => {
    expect(notesOf(source())).toBe("### Added\n\n- One thing.");
  });

  it("has the notes of what waits for its heading, in a dry run before it", () => {
    expect(notesOf(source({ changelog: "## [Unreleased]\n\n- Waiting.\n" }))).toBe("- Waiting.");
  });

  it.each([
    { title: "another tag", tag: "v1.2.1", changes: {}, problem: 'asks for "v1.2.0"' },
    { title: "a tag without v", tag: "1.2.0", changes: {}, problem: 'asks for "v1.2.0"' },
    {
      title: "no semantic version",
      tag: "v1.2",
      changes: { version: "1.2" },
      problem: "no semantic version",
    },
    { title: "changed files", tag: "v1.2.0", changes: { changedFiles: [" M main.ts"] }, problem: "main.ts" },
    { title: "no heading", tag: "v1.3.0", changes: { version: "1.3.0" }, problem: "## [1.3.0]" },
    {
      title: "no record",
      tag: "v1.2.0",
      changes: { isRecorded: false },
      problem: "released/1.2.0 is missing",
    },
    {
      title: "a heading without a date",
      tag: "v1.2.0",
      changes: { changelog: "## [1.2.0]\n\n- One.\n" },
      problem: "YYYY-MM-DD",
    },
    {
      title: "a heading with nothing below",
      tag: "v1.2.0",
      changes: { changelog: "## [1.2.0] - 2026-11-27\n" },
      problem: "says nothing",
    },
    {
      title: "lines that wait",
      tag: "v1.2.0",
      changes: { changelog: RELEASED.replace("## [1.2.0]", "- Late.\n\n## [1.2.0]") },
      problem: 'still has lines under "Unreleased"',
    },
  ])("is refused with $title", ({ tag, changes, problem }) => {
    expect(problemsOf(source(changes), tag).join("\n")).toContain(problem);
  });

  it("names all problems at once", () => {
    expect(problemsOf(source({ version: "1.3.0", changedFiles: ["?? x"] }), "v9.9.9")).toHaveLength(3);
  });
});
