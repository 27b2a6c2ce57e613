/** CHANGELOG.md in the form of Keep a Changelog 1.1.0. */

const HEADING = /^## \[([^\]]+)\](?: - (\d{4}-\d{2}-\d{2}))?$/;

/** A part of the changelog: what has changed since the release before. */
export interface ChangelogSection {
  /** A version, or `Unreleased`. */
  readonly title: string;
  /** YYYY-MM-DD. Absent under `Unreleased`. */
  readonly date?: string;
  /** Markdown, without its heading. */
  readonly notes: string;
}

export const UNRELEASED = "Unreleased";

/** The sections in the order of the file. */
export function sectionsOf(markdown: string): readonly ChangelogSection[] {
  const sections: { title: string; date?: string; lines: string[] }[] = [];
  for (const line of markdown.split("\n")) {
    const [heading, title = "", date] = HEADING.exec(line) ?? [];
    if (heading !== undefined) sections.push({ title, ...(date !== undefined && { date }), lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections.map(({ lines, ...section }) => ({ ...section, notes: lines.join("\n").trim() }));
}
