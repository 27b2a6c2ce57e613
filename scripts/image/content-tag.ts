import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildContext } from "./build-context";

/** What a tag says and depends on, beside the files. */
export interface TagProps {
  /** The repository. */
  readonly root: string;
  readonly architecture: "ARM64" | "X86_64";
  /** One image with Node, in place of the Dockerfile's base images. @default - the Dockerfile's own */
  readonly nodeImage?: string;
}

/** 48 bits: two builds among thousands share a tag less often than disks fail. */
const HASH_CHARACTERS = 12;

/**
 * The image's tag: version, architecture and a hash of everything that goes in. The same content has the same
 * tag on every machine, and a tag never stands for two contents.
 * @example "0.1.0-arm64-3f9c0a1b2c3d"
 */
export function contentTag({ root, architecture, nodeImage }: TagProps): string {
  const hash = createHash("sha256").update(JSON.stringify({ architecture, nodeImage }));
  for (const path of buildContext(root)) {
    const content = readFileSync(join(root, path));
    // The length keeps the end of one file from passing for the beginning of the next.
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  const name = architecture.toLowerCase().replace("_", "-");
  return `${version(root)}-${name}-${hash.digest("hex").slice(0, HASH_CHARACTERS)}`;
}

function version(root: string): string {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly version: string;
  };
  return manifest.version;
}
