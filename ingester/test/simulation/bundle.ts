/** A program of the tests as one file, made of the product as it is or with a fault put into it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import type { Mutant } from "../helpers/ledger-mutants";

const SOURCES = join(__dirname, "../../src");

/** @throws Error when the mutant's text does not occur exactly once: the source has changed, and so must the mutant */
export async function bundle(entry: string, outfile: string, mutant?: Mutant): Promise<void> {
  const contents = mutant && mutated(mutant);
  await build({
    entryPoints: [entry],
    ...{ outfile, bundle: true, platform: "node", target: "node20", format: "cjs", keepNames: true },
    sourcemap: "inline",
    logLevel: "error",
    plugins: [
      {
        name: "mutant",
        setup: ({ onLoad }) => {
          if (mutant === undefined || contents === undefined) return;
          const path = join(SOURCES, mutant.file);
          onLoad({ filter: /\.ts$/ }, (file) =>
            file.path === path ? { contents, loader: "ts" } : undefined,
          );
        },
      },
    ],
  });
}

export function mutated({ name, file, from, to }: Mutant): string {
  const source = readFileSync(join(SOURCES, file), "utf8");
  const found = source.split(from).length - 1;
  if (found !== 1) throw new Error(`"${name}": its text occurs ${found} times in ${file}, not once`);
  return source.replace(from, () => to);
}
