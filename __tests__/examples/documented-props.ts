import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One member of an exported interface of props. */
export interface PropsMember {
  /** `file.ts: Interface.member` */
  readonly name: string;
  readonly optional: boolean;
  /** Text of its doc comment; empty when there is none. */
  readonly comment: string;
}

/** Members of every exported `XxxProps` in the files of a folder, at any depth. */
export function propsMembers(folder: string): PropsMember[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .sort();
  return files.flatMap((file) => membersOf(file, readFileSync(join(folder, file), "utf8")));
}

/** The formatter puts an interface's members at two spaces, and its end in the first column. */
function membersOf(file: string, text: string): PropsMember[] {
  const interfaces = text.matchAll(/^export interface (\w+Props)\b[^{]*\{\n(.*?)^\}/gms);
  return [...interfaces].flatMap(([, name, body = ""]) =>
    [...body.matchAll(/(?:^ {2}\/\*\*(.*?)\*\/\n)?^ {2}readonly (\w+)(\??):/gms)].map(
      ([, comment = "", member, mark]) => ({
        name: `${file}: ${name}.${member}`,
        optional: mark === "?",
        comment,
      }),
    ),
  );
}
