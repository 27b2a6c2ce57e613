import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const REPOSITORY = join(__dirname, "../../..");

/** What the image is made of, copied; the ingester itself is one file here. */
export interface Checkout {
  readonly root: string;
  read(path: string): string;
  write(path: string, text: string): void;
  remove(): void;
}

/** A small repository with the real recipe and the real environment files. */
export function checkout(): Checkout {
  const root = mkdtempSync(join(tmpdir(), "image-test-"));
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const path of ["docker", "environments"])
    cpSync(join(REPOSITORY, path), join(root, path), { recursive: true });
  for (const path of ["package-lock.json", "ingester/package.json", "tsconfig.json"]) write(path, "{}\n");
  write(".npmrc", "");
  write("ingester/build.mjs", "");
  write("package.json", JSON.stringify({ version: "1.2.3" }));
  write("ingester/src/main.ts", "console.log('ingest');\n");
  write("ingester/test/main.test.ts", "it('ingests', () => {});\n");
  return {
    root,
    write,
    read: (path) => readFileSync(join(root, path), "utf8"),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
