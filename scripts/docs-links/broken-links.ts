import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** `[text](target)`, `![text](target "title")`, and the targets of HTML images and anchors. */
const LINK = /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|<(?:a|img)\s[^>]*?(?:href|src)="([^"]+)"/g;
/** With a scheme, or without the scheme of the page: somewhere else, and not looked at. */
const ELSEWHERE = /^([a-z][a-z0-9+.-]*:|\/\/)/i;

/**
 * Links between the documents of a repository that lead nowhere: to a file that is not there, or to a heading
 * that no longer has that name. Other sites are not asked.
 * @param root the repository.
 * @param files Markdown files relative to it.
 * @returns one line a link: where it stands, and what is wrong.
 */
export function brokenLinks(root: string, files: readonly string[]): readonly string[] {
  return files.flatMap((file) => {
    const text = withoutCode(readFileSync(join(root, file), "utf8"));
    return linksIn(text).flatMap(({ target, line }) => {
      const problem = ELSEWHERE.test(target) ? undefined : problemOf(root, file, target);
      return problem === undefined ? [] : [`${file}:${line}: ${target} ${problem}`];
    });
  });
}

function problemOf(root: string, file: string, target: string): string | undefined {
  const [path = "", fragment] = target.split("#") as [string, string?];
  const linked = path === "" ? file : normalize(join(dirname(file), decodeURIComponent(path)));
  if (linked.startsWith("..")) return "leads out of the repository";
  if (!existsSync(join(root, linked))) return "leads to no file";
  if (fragment === undefined || !linked.endsWith(".md") || statSync(join(root, linked)).isDirectory()) return;
  const anchors = anchorsIn(readFileSync(join(root, linked), "utf8"));
  return anchors.has(fragment) ? undefined : `leads to no heading of ${linked}`;
}

function linksIn(text: string): { readonly target: string; readonly line: number }[] {
  return [...text.matchAll(LINK)].map((match) => ({
    target: match[1] ?? match[2] ?? "",
    line: text.slice(0, match.index).split("\n").length,
  }));
}

/** As GitHub makes them: lower case, without punctuation, numbered where a heading comes again. */
function anchorsIn(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of withoutFences(markdown).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = plain.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "").replaceAll(" ", "-");
    let anchor = slug;
    for (let again = 1; anchors.has(anchor); again += 1) anchor = `${slug}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Code shows links, it does not make them. Lines stay where they are. */
function withoutCode(markdown: string): string {
  return withoutFences(markdown).replace(/`[^`\n]+`/g, "");
}

function withoutFences(markdown: string): string {
  return markdown.replace(/^(\s*)(```|~~~)[^\n]*\n[\s\S]*?^\s*\2\s*$/gm, (block) =>
    block.replace(/[^\n]/g, ""),
  );
}
