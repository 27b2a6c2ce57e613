/** What a release is made from: a commit, its version, its changelog. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ChangelogSection, sectionsOf, UNRELEASED } from "./changelog";
import { recordsFolder } from "./record";

export interface ReleaseSource {
  /** Of package.json, which alone states it. */
  readonly version: string;
  readonly commit: string;
  /** Files that differ from the commit, as `git status --short` lists them. */
  readonly changedFiles: readonly string[];
  readonly sections: readonly ChangelogSection[];
  /** Whether the state that it leaves with its users is recorded. */
  readonly isRecorded: boolean;
}

const SEMVER = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;

export function readSource(root: string): ReleaseSource {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  return {
    version,
    commit: git("rev-parse", "HEAD"),
    changedFiles: git("status", "--short").split("\n").filter(Boolean),
    isRecorded: existsSync(join(recordsFolder(root), version)),
    sections: sectionsOf(readFileSync(join(root, "CHANGELOG.md"), "utf8")),
  };
}

/**
 * Why this cannot be released under the tag, each with what to do about it; empty when it can.
 * @param tag such as "v1.2.3"
 */
export function problemsOf(source: ReleaseSource, tag: string): readonly string[] {
  const { version, changedFiles, sections } = source;
  const problems: string[] = [];
  if (!SEMVER.test(version))
    problems.push(`package.json has version "${version}", which is no semantic version such as "1.2.3".`);
  if (tag !== `v${version}`)
    problems.push(
      `The tag is "${tag}", and package.json's version asks for "v${version}". Change one of them.`,
    );
  if (changedFiles.length > 0)
    problems.push(`Files differ from the commit: ${changedFiles.join(", ")}. Commit or undo that.`);
  if (!source.isRecorded)
    problems.push(
      `released/${version} is missing: later releases are tested against it. Run npm run release -- --record, and commit it.`,
    );
  return [...problems, ...changelogProblems(sections, version)];
}

/** The notes of the release; what is not released yet before its heading is written. */
export function notesOf({ sections, version }: ReleaseSource): string {
  const own = sections.find(({ title }) => title === version);
  return (own ?? sections.find(({ title }) => title === UNRELEASED))?.notes ?? "";
}

function changelogProblems(sections: readonly ChangelogSection[], version: string): readonly string[] {
  const own = sections.find(({ title }) => title === version);
  const problems: string[] = [];
  if (own?.date === undefined)
    problems.push(
      `CHANGELOG.md has no heading "## [${version}] - YYYY-MM-DD". Move the lines under "${UNRELEASED}" there.`,
    );
  else if (own.notes === "") problems.push(`CHANGELOG.md says nothing under "${version}".`);
  const waiting = sections.find(({ title }) => title === UNRELEASED);
  if (own !== undefined && waiting !== undefined && waiting.notes !== "")
    problems.push(`CHANGELOG.md still has lines under "${UNRELEASED}". Move them below "${version}".`);
  return problems;
}
