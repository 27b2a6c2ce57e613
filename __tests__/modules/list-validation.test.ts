import { renderModules } from "../../scripts/modules/render";
import { streamProblems } from "../../stacks/ingestion/rules/filtered-stream-rules";
import { searchProblems } from "../../stacks/ingestion/rules/query-rules";
import type { NamedQuery, StreamRule } from "../../stacks/ingestion/source";
import { describeWithTerraform, terraformIn } from "../helpers/terraform";

const ONE_MINUTE = 60_000;

interface Case {
  readonly title: string;
  readonly list: readonly object[];
}

const numbered = <Item>(count: number, item: (number: number) => Item) =>
  Array.from({ length: count }, (_, index) => item(index));
const rule = (value: unknown, tag: unknown = "tag") => ({ value, tag });
const query = (name: unknown, text: unknown) => ({ name, query: text });

const rules: readonly Case[] = [
  { title: "as many rules as X takes", list: numbered(1_000, (n) => rule(`cats ${n}`, `t${n}`)) },
  { title: "one rule more", list: numbered(1_001, (n) => rule(`cats ${n}`, `t${n}`)) },
  { title: "no rule", list: [] },
  {
    title: "the longest value and tag, with blanks around them",
    list: [rule(` ${"v".repeat(1_024)} `, ` ${"t".repeat(100)}`)],
  },
  { title: "a value of one character more", list: [rule("v".repeat(1_025))] },
  { title: "a tag of one character more", list: [rule("cats", "t".repeat(101))] },
  { title: "an empty value", list: [rule("")] },
  { title: "a value of blanks", list: [rule("   ")] },
  { title: "an empty tag", list: [rule("cats", "")] },
  { title: "a tag of blanks", list: [rule("cats", " \n")] },
  { title: "a tag that is null", list: [rule("cats", null)] },
  { title: "a value that is null", list: [rule(null)] },
  { title: "a value of several lines", list: [rule("cats\n\tdogs")] },
  { title: "a control character in a value", list: [rule("cats\u0007")] },
  { title: "a control character in a tag", list: [rule("cats", "a\u001bb")] },
  { title: "quotes, templates and other scripts", list: [rule('"a \u0024{b} %{c}" \\ 猫', "猫 \u0024{x}")] },
  { title: "two rules of one tag", list: [rule("cats", "pets"), rule("dogs", "pets")] },
  {
    title: "two tags that differ in blanks around them",
    list: [rule("cats", "pets"), rule("dogs", " pets")],
  },
  { title: "two rules of one value", list: [rule("cats", "a"), rule("cats", "b")] },
  {
    title: "two values that differ in white space",
    list: [rule("cats  dogs", "a"), rule(" cats\ndogs", "b")],
  },
  { title: "two values that differ in case", list: [rule("cats", "a"), rule("Cats", "b")] },
  {
    title: "rules that fill a task definition",
    list: numbered(67, (n) => rule(`${n}`.padStart(900, "v"), `t${n}`)),
  },
  {
    title: "rules beyond a task definition",
    list: numbered(70, (n) => rule(`${n}`.padStart(900, "v"), `t${n}`)),
  },
  {
    title: "characters of several bytes beyond it",
    list: numbered(40, (n) => rule(`${n}`.padStart(600, "猫"), `t${n}`)),
  },
];

const queries: readonly Case[] = [
  { title: "as many queries as a ledger takes", list: numbered(32, (n) => query(`q${n}`, `cats ${n}`)) },
  { title: "one query more", list: numbered(33, (n) => query(`q${n}`, `cats ${n}`)) },
  { title: "no query", list: [] },
  { title: "the longest name and query", list: [query("n".repeat(64), "q".repeat(512))] },
  { title: "a name of one character more", list: [query("n".repeat(65), "cats")] },
  { title: "a query of one character more", list: [query("a", "q".repeat(513))] },
  { title: "an empty name", list: [query("", "cats")] },
  { title: "a name with a blank", list: [query("a b", "cats")] },
  { title: "a query of blanks", list: [query("a", "  ")] },
  { title: "a name that is null", list: [query(null, "cats")] },
  { title: "an operator that search ignores", list: [query("a", "cats sample:10")] },
  { title: "the same in quotes", list: [query("a", '"cats sample:10"')] },
  { title: "two queries of one name", list: [query("a", "cats"), query("a", "dogs")] },
  { title: "two names that differ in case", list: [query("a", "cats"), query("A", "dogs")] },
  { title: "two queries of one text", list: [query("a", "cats"), query("b", "cats")] },
  {
    title: "two texts that differ in white space",
    list: [query("a", "cats  OR dogs"), query("b", " cats OR dogs")],
  },
];

describeWithTerraform("the validations of a list", () => {
  it.each([
    [
      "stream_rules",
      rules,
      (list: object[]) => streamProblems({ mode: "stream", rules: list as StreamRule[] }),
    ],
    [
      "search_queries",
      queries,
      (list: object[]) => searchProblems({ mode: "search", queries: list as NamedQuery[] }),
    ],
  ] as const)(
    "let through of %s in Terraform what synthesis lets through",
    async (name, cases, problems) => {
      const verdicts = await accepted(name, cases);
      const expected = cases.map(({ title, list }) => [title, problems([...list]).length === 0]);
      expect(cases.map(({ title }, index) => [title, verdicts[index]])).toEqual(expected);
      expect(new Set(verdicts)).toEqual(new Set([true, false]));
    },
    ONE_MINUTE,
  );
});

/** The module's own conditions, about a local in place of the variable. */
async function accepted(name: string, cases: readonly Case[]): Promise<boolean[]> {
  const { variable } = JSON.parse(renderModules().get("ingestion/variables.tf.json") ?? "{}");
  const validations: readonly { readonly condition: string }[] = variable[name].validation;
  const verdict = (index: number) =>
    validations.map(({ condition }) => unbraced(condition).replaceAll(`var.${name}`, `local.list_${index}`));
  const json = (list: unknown) =>
    JSON.stringify(list)
      .replaceAll("${", () => "$${")
      .replaceAll("%{", "%%{");
  const files = {
    "main.tf.json": JSON.stringify({
      locals: Object.fromEntries(
        cases.map(({ list }, index) => [
          `list_${index}`,
          `\${tolist(jsondecode(${JSON.stringify(json(list))}))}`,
        ]),
      ),
      output: Object.fromEntries(
        cases.map((_, index) => [`case_${index}`, { value: `\${alltrue([${verdict(index).join(", ")}])}` }]),
      ),
    }),
  };
  const text = await terraformIn(files, "plan", "-input=false", "-no-color");
  return cases.map((_, index) => new RegExp(`\\bcase_${index}\\s+= true$`, "m").test(text));
}

function unbraced(expression: string): string {
  return expression.slice("${".length, -"}".length);
}
