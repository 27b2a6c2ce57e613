/** Completion scripts for shells, made of the same table as help. Pure. */
import { COMMAND_NAMES, type CommandName, type Shell } from "./command";
import { COMMANDS, COMMON, type OptionName, SPECS } from "./spec";

/** @returns a script that the shell sources */
export function completionFor(shell: Shell): string {
  return { bash, zsh, fish }[shell]();
}

function optionsOf(name: CommandName): readonly OptionName[] {
  return [...COMMANDS[name].options, ...COMMON];
}

function wordsAfter(name: CommandName): readonly string[] {
  return [...(COMMANDS[name].words ?? []), ...optionsOf(name).map((option) => `--${option}`)];
}

const VALUED = (Object.keys(SPECS) as OptionName[]).filter((option) => SPECS[option].value !== undefined);
const FILES = VALUED.filter((option) => SPECS[option].value === "FILE");
const OTHERS = VALUED.filter((option) => SPECS[option].value !== "FILE");

function flags(options: readonly OptionName[]): string {
  return options.map((option) => `--${option}`).join("|");
}

function bash(): string {
  const cases = COMMAND_NAMES.map((name) => `    ${name}) words="${wordsAfter(name).join(" ")}" ;;`);
  return `_ingester() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
    ${flags(FILES)}) COMPREPLY=($(compgen -f -- "$current")); return ;;
    ${flags(OTHERS)}) COMPREPLY=(); return ;;
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    help) words="${COMMAND_NAMES.join(" ")}" ;;
    *) words="" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${COMMAND_NAMES.join(" ")} help --help --version"; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _ingester ingester
`;
}

function zsh(): string {
  const commands = COMMAND_NAMES.map((name) => `    ${quoted(`${name}:${COMMANDS[name].summary}`)}`);
  const cases = COMMAND_NAMES.map((name) => {
    const words = COMMANDS[name].words;
    const first = words === undefined ? [] : [quoted(`1: :(${words.join(" ")})`)];
    return `      ${name}) _arguments ${[...first, ...optionsOf(name).map(zshOption)].join(" ")} ;;`;
  });
  return `#compdef ingester
_ingester() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands=(
${commands.join("\n")}
    'help:prints help'
  )
  _arguments -C '1: :->command' '*:: :->rest'
  case $state in
    command) _describe command commands ;;
    rest) case $line[1] in
${cases.join("\n")}
      help) _values command ${COMMAND_NAMES.join(" ")} ;;
    esac ;;
  esac
}
if [ "$funcstack[1]" = _ingester ]; then _ingester "$@"; else compdef _ingester ingester; fi
`;
}

function zshOption(option: OptionName): string {
  const { value, help, isRepeatable } = SPECS[option];
  const text = help.replace(/[[\]:\\]/g, "\\$&");
  const after = value === undefined ? "" : `:${value}:${value === "FILE" ? "_files" : ""}`;
  return quoted(`${isRepeatable === true ? "*" : ""}--${option}[${text}]${after}`);
}

function fish(): string {
  const isFirst = "__fish_use_subcommand";
  const commands = COMMAND_NAMES.map(
    (name) => `complete -c ingester -n ${isFirst} -a ${name} -d ${quoted(COMMANDS[name].summary)}`,
  );
  const after = COMMAND_NAMES.flatMap((name) => {
    const condition = `complete -c ingester -n "__fish_seen_subcommand_from ${name}"`;
    const words = COMMANDS[name].words;
    return [
      ...(words === undefined ? [] : [`${condition} -a "${words.join(" ")}"`]),
      ...optionsOf(name).map((option) => `${condition} ${fishOption(option)}`),
    ];
  });
  return `${["complete -c ingester -f", ...commands, `complete -c ingester -n ${isFirst} -a help`, ...after].join("\n")}\n`;
}

function fishOption(option: OptionName): string {
  const { value, help } = SPECS[option];
  const kind = value === undefined ? "" : value === "FILE" ? " -r -F" : " -x";
  return `-l ${option}${kind} -d ${quoted(help)}`;
}

/** In single quotes, for any shell of the three. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "")}'`;
}
