import { boundProblems, type Problem, problem, under } from "../checks/check";

export type Tags = Readonly<Record<string, string>>;

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const MAX_TAGS = 50;

/** The AWS console shows this tag for resources that have ids only. */
export function nameTag(name: string): Tags {
  return { Name: name };
}

/**
 * Tags that a service would refuse.
 * @param own names of tags that are set beside these
 */
export function tagProblems(tags: Tags, own: readonly string[]): Problem[] {
  const names = Object.keys(tags);
  const most = MAX_TAGS - own.length;
  return [
    ...Object.entries(tags).flatMap(([name, value]) => [
      ...under(name, [
        ...boundProblems("tagName", "(name)", name),
        ...boundProblems("tagValue", "", value),
        ...(own.includes(name) ? [taken(name)] : []),
      ]),
    ]),
    ...(names.length > most
      ? [
          problem("", {
            allowed: `at most ${most} tags`,
            got: names.length,
            fix: `A resource has at most ${MAX_TAGS}; ${own.join(", ")} are set already.`,
          }),
        ]
      : []),
  ];
}

function taken(name: string): Problem {
  return { path: "", text: `must have another name, got ${JSON.stringify(name)}. The stacks set this one.` };
}
