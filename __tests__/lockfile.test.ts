import { readFileSync } from "node:fs";
import { join } from "node:path";

interface LockedPackage {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lockfile = JSON.parse(readFileSync(join(__dirname, "../package-lock.json"), "utf8")) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
const packages = Object.entries(lockfile.packages);

/** Where Node would find it from a package at this path: beside it, or in any node_modules above. */
function isLocked(from: string, name: string): boolean {
  const places = from
    .split("/node_modules/")
    .map((_, depth, parts) => parts.slice(0, depth + 1).join("/node_modules/"));
  return ["", ...places].some((place) => `${place}${place && "/"}node_modules/${name}` in lockfile.packages);
}

describe("package-lock.json", () => {
  // npm drops a platform's package without a word when a registry lacks that version, and `npm ci` then refuses
  // the lockfile in every fresh clone. Choose the newest version that is published for all platforms.
  it("holds the optional dependencies of every package, for platforms other than this one too", () => {
    const missing = packages.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !isLocked(path, name))
        .map((name) => `${name}, wanted by ${path}`),
    );

    expect(missing).toEqual([]);
  });

  it("names no download address, so that any registry can serve it", () => {
    const addressed = packages.filter(([, { resolved, link }]) => resolved !== undefined && !link);

    expect(addressed.map(([path]) => path)).toEqual([]);
  });
});
