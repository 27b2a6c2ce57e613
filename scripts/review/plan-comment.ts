/** One resource in a plan, as `changes.json` has it. */
export interface PlannedChange {
  readonly address: string;
  /** Terraform's: `create`, `update`, `delete`, `read`, `no-op`; two of them for a replacement. */
  readonly actions: readonly string[];
  /** Where it was before a `moved` entry. */
  readonly previous?: string;
}

export interface PlanComment {
  readonly stack: string;
  readonly changes: readonly PlannedChange[];
  /** `terraform show` of the plan. */
  readonly text: string;
  /** Page of the run that planned. */
  readonly runUrl: string;
  /** What was planned. */
  readonly commit: string;
}

export type NoPlanComment = Pick<PlanComment, "stack" | "runUrl" | "commit"> & {
  /** What check-terraform.sh refuses, a line each; empty where the plan failed otherwise. */
  readonly refused: string;
};

/** GitHub refuses a longer comment: https://github.com/orgs/community/discussions/41331 */
export const MAX_COMMENT_CHARACTERS = 65_536;
/** Enough for everything around the plan's text. */
const SURROUNDINGS = 16_384;
const MAX_LISTED = 50;

/** A plan as a comment on a pull request: what is destroyed comes first, and in bold. */
export function planComment({ stack, changes, text, runUrl, commit }: PlanComment): string {
  const destroyed = changes.filter(({ actions }) => actions.includes("delete"));
  const moved = changes.filter(({ previous }) => previous);
  const counted = counts(changes);
  return [
    `### ${destroyed.length > 0 ? "🛑" : counted ? "📝" : "✅"} \`${stack}\`: ${counted || "no changes"}`,
    ...(destroyed.length > 0 ? [destruction(destroyed)] : []),
    ...(moved.length > 0
      ? [list(moved.map(({ address, previous }) => `\`${previous}\` → \`${address}\``))]
      : []),
    counted || text.includes("Changes to Outputs") ? details(text) : "",
    `[Run](${runUrl}) of ${commit}, with the binary plan. Merging applies exactly this plan, once it is approved.`,
  ]
    .filter(Boolean)
    .join("\n\n")
    .concat("\n");
}

/** In place of the comment on an earlier commit, whose plan is no longer what would be applied. */
export function noPlanComment({ stack, refused, runUrl, commit }: NoPlanComment): string {
  const lines = refused
    .split("\n")
    .map((line) => line.replace(/^::error::/, "").trim())
    .filter(Boolean);
  return [
    `### ❌ \`${stack}\`: no plan`,
    ...(lines.length > 0
      ? [`> [!CAUTION]\n> This is refused, and not planned.`, list(lines.map((line) => `**${line}**`))]
      : []),
    `[Run](${runUrl}) of ${commit}. Nothing can be applied until a plan succeeds.`,
  ]
    .join("\n\n")
    .concat("\n");
}

function counts(changes: readonly PlannedChange[]): string {
  const replaced = changes.filter(({ actions }) => actions.length > 1).length;
  const single = (name: string) => changes.filter(({ actions }) => actions.join() === name).length;
  const moved = changes.filter(({ previous }) => previous).length;
  const numbers = {
    "to create": single("create"),
    "to change": single("update"),
    "to REPLACE": replaced,
    "to DESTROY": single("delete"),
    moved,
  };
  const words = Object.entries(numbers).filter(([, count]) => count > 0);
  return words.map(([what, count]) => `${count} ${what}`).join(", ");
}

function destruction(destroyed: readonly PlannedChange[]): string {
  const lines = destroyed.map(
    ({ address, actions }) => `**\`${address}\` is ${actions.length > 1 ? "replaced" : "destroyed"}**`,
  );
  return `> [!CAUTION]\n> What these hold is lost.\n\n${list(lines)}`;
}

function list(lines: readonly string[]): string {
  const more = lines.length - MAX_LISTED;
  const shown = lines.slice(0, MAX_LISTED).map((line) => `- ${line}`);
  return [...shown, ...(more > 0 ? [`- and ${more} more`] : [])].join("\n");
}

function details(text: string): string {
  const room = MAX_COMMENT_CHARACTERS - SURROUNDINGS;
  const shown = text.length > room ? `${text.slice(0, room)}\n... cut: the run has the rest.` : text;
  // A fence longer than any in the text.
  const fence = "`".repeat(Math.max(3, ...[...shown.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return `<details><summary>Plan</summary>\n\n${fence}hcl\n${shown.trim()}\n${fence}\n\n</details>`;
}
