/** Where an audit finds posts and errors in a bucket. */
import type { Places } from "../../bucket/contents";
import type { OptionsOf } from "../../cli/command";

type PlaceOptions = Pick<OptionsOf<"audit">, "prefixes" | "errorPrefix">;

/** Where the stacks deliver; a table reads one format, so Parquet has a folder of its own. */
const PREFIXES = ["tweets/", "tweets-parquet/"];
const ERROR_PREFIX = "errors/";

export function placesOf({ prefixes, errorPrefix = ERROR_PREFIX }: PlaceOptions): Places {
  return { prefixes: prefixes.length === 0 ? PREFIXES : prefixes, errorPrefix };
}

/**
 * Options with what is wrong with them. An object whose key begins with the prefix of errors is read as error records,
 * and an object below two prefixes of posts is read twice.
 */
export function placesProblems(options: PlaceOptions): [option: string, problem: string][] {
  const { prefixes, errorPrefix } = placesOf(options);
  const posts = prefixes.find((prefix) => prefix.startsWith(errorPrefix));
  const [twice] = prefixes.flatMap((outer, index) =>
    prefixes
      .filter((inner, other) => other !== index && inner.startsWith(outer))
      .map((inner) => `got "${outer}" and "${inner}"`),
  );
  const problems: [string, string][] = [];
  if (posts !== undefined)
    problems.push([
      "--error-prefix",
      `must not be the beginning of a --prefix, got "${errorPrefix}" and "${posts}". Posts would be read as error records: name a folder that holds errors only.`,
    ]);
  if (twice !== undefined)
    problems.push([
      "--prefix",
      `must not be the beginning of another --prefix, ${twice}. Posts would be read twice: leave out the second one.`,
    ]);
  return problems;
}
