/** The files of a release: the package of constructs, the modules, the parts lists, their checksums. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { capture } from "../image/child";
import { ReleaseError } from "./release-error";
import { notesOf, type ReleaseSource } from "./source";

export interface ReleaseFile {
  readonly name: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
  /** For people. */
  readonly what: string;
}

export interface FilesProps {
  readonly root: string;
  readonly source: ReleaseSource;
  /** Empty, and there. */
  readonly directory: string;
  /** Such as "owner/name": npm compares it with where the package was built. @default - stated nowhere */
  readonly repository?: string;
}

const CHECKSUMS = "SHA256SUMS";
const INGESTER = "@tweets/ingester";

/** Writes every file into the directory. @throws ReleaseError with the words of the program that failed */
export async function writeFiles(props: FilesProps): Promise<readonly ReleaseFile[]> {
  const { root, source, directory } = props;
  const { version, commit } = source;
  const modules = `modules-${version}.tar.gz`;
  const parts = `ingester-${version}.cdx.json`;
  const named = [
    { name: await packConstructs(props), what: "npm package: constructs for CDKTF" },
    { name: modules, what: "Terraform modules" },
    { name: parts, what: "parts of the ingester, CycloneDX" },
    { name: "notes.md", what: "release notes, from CHANGELOG.md" },
  ];
  const prefix = `modules-${version}/`;
  const archive = [
    "archive",
    "--format=tar.gz",
    `--prefix=${prefix}`,
    `--output=${join(directory, modules)}`,
  ];
  await run(root, "git", [...archive, commit, "modules", "LICENSE"]);
  writeFileSync(join(directory, parts), await partsOf(root, version));
  writeFileSync(join(directory, "notes.md"), `${notesOf(source)}\n`);
  const files = named.map(({ name, what }) => describe(directory, name, what));
  const lines = files.map(({ sha256, name }) => `${sha256}  ${name}\n`);
  writeFileSync(join(directory, CHECKSUMS), lines.join(""));
  return [...files, describe(directory, CHECKSUMS, "for sha256sum --check")];
}

/** npm requires that a package with provenance names its repository; which one is known where it is released. */
async function packConstructs({ root, directory, repository }: FilesProps): Promise<string> {
  if (repository === undefined) return pack(root, directory);
  const manifest = join(root, "package.json");
  const before = readFileSync(manifest, "utf8");
  const url = `git+https://github.com/${repository}.git`;
  const stated = { ...JSON.parse(before), repository: { type: "git", url } };
  try {
    writeFileSync(manifest, `${JSON.stringify(stated, undefined, 2)}\n`);
    return await pack(root, directory);
  } finally {
    writeFileSync(manifest, before);
  }
}

/** Packs what `npm run release` has built before. @returns the file's name */
async function pack(root: string, directory: string): Promise<string> {
  const args = ["pack", "--ignore-scripts", "--silent", "--pack-destination", directory];
  return (await run(root, "npm", args)).trim();
}

/** What the bundle is made of; the workspace itself has no version of its own. */
async function partsOf(root: string, version: string): Promise<string> {
  const args = ["sbom", "--sbom-format", "cyclonedx", "--workspace", INGESTER, "--omit", "dev"];
  const text = await run(root, "npm", args);
  const inventory = JSON.parse(text.replaceAll("ingester@0.0.0", `ingester@${version}`));
  for (const component of inventory.components) {
    if (component.purl?.endsWith(`ingester@${version}`)) component.version = version;
  }
  return `${JSON.stringify(inventory, undefined, 2)}\n`;
}

function describe(directory: string, name: string, what: string): ReleaseFile {
  const content = readFileSync(join(directory, name));
  return { name, what, bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") };
}

async function run(root: string, command: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr, failure } = await capture(command, args, { cwd: root });
  if (code === 0) return stdout;
  throw new ReleaseError(`${command} ${args[0]} failed: ${failure?.message ?? stderr.trim()}`);
}
