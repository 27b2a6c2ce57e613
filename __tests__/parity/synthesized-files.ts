import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** A stack's document, as far as two libraries may differ in it. */
interface StackDocument {
  "//": { readonly metadata: Record<string, unknown> };
  terraform: { readonly required_providers: { readonly aws: ProviderRequirement } };
}

export interface ProviderRequirement {
  readonly source: string;
  readonly version: string;
}

/** What one library wrote: stacks as parsed JSON, every other file as its bytes. */
export interface SynthesizedFiles {
  /** Without what may differ: version metadata, and the provider requirement. */
  readonly stacks: Readonly<Record<string, unknown>>;
  readonly assets: Readonly<Record<string, string>>;
  readonly requirements: readonly ProviderRequirement[];
  /** The library's own version, once for each stack. */
  readonly versions: readonly unknown[];
}

/**
 * Reads an output directory. The manifest is left out: it is a note from the library to its own command line, and
 * Terraform never reads it.
 */
export function readSynthesized(outdir: string): SynthesizedFiles {
  const files = readdirSync(outdir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "manifest.json")
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  const documents = files.filter((file) => file.endsWith("cdk.tf.json"));
  const parsed = documents.map((file): StackDocument => JSON.parse(readFileSync(file, "utf8")));
  const assets = files.filter((file) => !documents.includes(file));
  return {
    stacks: Object.fromEntries(
      parsed.map((stack, index) => [relative(outdir, documents[index] ?? ""), comparable(stack)]),
    ),
    assets: Object.fromEntries(
      assets.map((file) => [relative(outdir, file), readFileSync(file).toString("base64")]),
    ),
    requirements: parsed.map(({ terraform }) => terraform.required_providers.aws),
    versions: parsed.map((stack) => stack["//"].metadata.version),
  };
}

function comparable(stack: StackDocument): unknown {
  const { version: _version, ...metadata } = stack["//"].metadata;
  const { aws: _aws, ...others } = stack.terraform.required_providers;
  return {
    ...stack,
    "//": { ...stack["//"], metadata },
    terraform: { ...stack.terraform, required_providers: others },
  };
}
