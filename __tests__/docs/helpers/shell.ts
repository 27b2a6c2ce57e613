/** Blocks of shell in documents, and the simple commands in them. */

/** Of ```sh and ```bash, without their indentation. */
export function shellBlocks(text: string): readonly string[] {
  return [...text.matchAll(/^( *)```(?:sh|bash)\n([\s\S]*?)\n *```/gm)].map(([, indent = "", block = ""]) =>
    block.replace(new RegExp(`^${indent}`, "gm"), ""),
  );
}

export interface SimpleCommand {
  /** Variables set for it alone. */
  readonly environment: Readonly<Record<string, string>>;
  readonly program: string;
  readonly args: readonly string[];
}

const TOKEN =
  /\\\n|#[^\n]*|(?:\$\()|[()]|&&|\|\||[|;&\n]|(?:\d?>{1,2}|<)|(?:'[^']*'|"(?:\\.|\$\([^)]*\)|[^"\\])*"|\$\{[^}]*\}|[^\s'"|;&<>()])+|\s/g;
const SEPARATORS = new Set(["|", "||", "&&", ";", "&", "\n", "$(", "(", ")"]);
const KEYWORDS = new Set(["do", "done", "until", "while", "for", "if", "then", "fi", "else"]);

/** Simple commands in their order; those inside double quotes come after the command they stand in. */
export function commandsIn(block: string): readonly SimpleCommand[] {
  const commands: SimpleCommand[] = [];
  let words: string[] = [];
  const end = () => {
    const command = commandOf(words);
    if (command !== undefined) commands.push(command);
    words = [];
  };
  let before = "";
  for (const [token] of block.matchAll(TOKEN)) {
    const isRestOfWord = before === ")";
    before = token;
    if (SEPARATORS.has(token)) end();
    else if (!isRestOfWord && !/^\s|^\\\n|^#/.test(token)) words.push(token);
  }
  end();
  const inner = [...block.matchAll(/"\$\(([^()]*)\)"/g)].flatMap(([, text = ""]) => commandsIn(text));
  return [...commands, ...inner];
}

function commandOf(words: readonly string[]): SimpleCommand | undefined {
  const rest = words.filter((word, at) => !/^\d?[<>]/.test(word) && !/^\d?[<>]/.test(words[at - 1] ?? ""));
  while (KEYWORDS.has(rest[0] ?? "")) {
    if (rest[0] === "for") return undefined;
    rest.shift();
  }
  const environment: Record<string, string> = {};
  while (/^\w+=/.test(rest[0] ?? "")) {
    const [name = "", value = ""] = (rest.shift() ?? "").split(/=(.*)/s);
    environment[name] = plain(value);
  }
  const [program, ...args] = rest;
  if (program === undefined) return undefined;
  return { environment, program, args: args.map(plain) };
}

/** Without the quotes that the shell takes away. */
function plain(word: string): string {
  return word.replace(/'([^']*)'|"((?:\\.|[^"\\])*)"/g, (_, single, double) => single ?? double);
}
