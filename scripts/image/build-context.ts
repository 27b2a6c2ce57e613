import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ImageError } from "./image-error";

/** The files that describe the build itself. */
const RECIPE = ["docker/Dockerfile", "docker/Dockerfile.dockerignore"] as const;

/**
 * Everything that goes into the image: the recipe, and what its allow-list lets through. The engines read the
 * same list, so that no file can go into an image without changing its tag.
 * @param root the repository.
 * @returns paths relative to the root, with slashes, in a fixed order.
 * @throws ImageError when the list is no allow-list, or names what is not there.
 */
export function buildContext(root: string): readonly string[] {
  const [dockerfile, ignoreFile] = RECIPE;
  const allowed = allowList(readFileSync(join(root, ignoreFile), "utf8"), ignoreFile);
  const files = allowed.flatMap((path) => filesUnder(root, path));
  return [dockerfile, ignoreFile, ...files].sort();
}

/** First `*`, then only plain paths to take back in: the part of the syntax that leaves nothing to guess. */
function allowList(text: string, file: string): readonly string[] {
  const [first, ...rest] = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const unclear = rest.filter((line) => !/^![^*?[\]!]+$/.test(line));
  if (first === "*" && unclear.length === 0) return rest.map((line) => line.slice(1));
  throw new ImageError(
    `${file} must be an allow-list: "*", then lines such as "!ingester/src" without wildcards; ` +
      `got ${JSON.stringify(first === "*" ? unclear : first)}.`,
  );
}

function filesUnder(root: string, path: string): readonly string[] {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new ImageError(`docker/Dockerfile.dockerignore lets ${path} through, which does not exist.`);
  }
  if (!stats.isDirectory()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => filesUnder(root, `${path}/${name}`));
}
