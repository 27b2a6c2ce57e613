/** `npm run release`: builds what a release consists of. Publishing is the workflow's: .github/workflows/release.yml. */
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type CommandSpec, type OptionValues, runCommand } from "../../local/support/command-line";
import { UsageError } from "../../local/support/usage-error";
import { type ReleaseFile, writeFiles } from "./files";
import { buildImages, type Images } from "./images";
import { recordState, recordsFolder } from "./record";
import { ReleaseError } from "./release-error";
import { problemsOf, type ReleaseSource, readSource } from "./source";

const SPEC: CommandSpec = {
  usage: "npm run release --",
  summary:
    "Builds what a release consists of. Nothing is published: the release workflow does that, for a tag.",
  options: {
    "dry-run": {
      type: "boolean",
      help: "build everything, images too, and print what would be published and what stands against it",
    },
    record: { type: "boolean", help: "write the state that this version leaves with its users to released/" },
    tag: {
      type: "string",
      placeholder: "TAG",
      help: "build the files of this tag, such as v1.2.3, or refuse",
    },
    out: { type: "string", placeholder: "DIR", help: "where to (default .local/release); it is emptied" },
    "no-images": { type: "boolean", help: "leave the images out of a dry run" },
    "node-image": {
      type: "string",
      placeholder: "IMAGE",
      help: "an image with Node, in place of the Dockerfile's base images",
    },
  },
};

const IMAGE_NAME = "ingester";

// Where buildah is all there is, there is seldom more right than for this.
process.env.BUILDAH_ISOLATION ??= "chroot";

async function main(options: OptionValues): Promise<number> {
  const { "dry-run": dryRun, tag, out = ".local/release", "node-image": nodeImage } = options;
  if ([tag, dryRun, options.record].filter((verb) => verb !== undefined).length !== 1)
    throw new UsageError("Give one of --dry-run, --record and --tag TAG.");
  // npm runs scripts in the repository's root.
  const root = process.cwd();
  const source = readSource(root);
  if (options.record === true) return record(root, source);
  const problems = problemsOf(source, String(tag ?? `v${source.version}`));
  if (tag !== undefined && problems.length > 0) {
    for (const problem of problems) console.error(problem);
    return 1;
  }
  const directory = resolve(String(out));
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const repository = tag === undefined ? undefined : process.env.GITHUB_REPOSITORY;
  try {
    const files = await writeFiles({ root, source, directory, ...(repository && { repository }) });
    const images = dryRun
      ? await imagesOf(source.version, { leftOut: options["no-images"] === true, nodeImage })
      : undefined;
    console.log(summary({ source, files, images, problems, directory }).join("\n"));
    return 0;
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    console.error(error.message);
    return 1;
  }
}

async function record(root: string, { version }: ReleaseSource): Promise<number> {
  const directory = join(recordsFolder(root), version);
  await recordState(root, directory);
  console.log(`Recorded ${directory}. Commit it.`);
  return 0;
}

async function imagesOf(
  version: string,
  { leftOut, nodeImage }: { readonly leftOut: boolean; readonly nodeImage: OptionValues[string] },
): Promise<Images> {
  if (leftOut) return { built: [], leftOut: ["images: --no-images"] };
  return buildImages(version, nodeImage === undefined ? undefined : String(nodeImage));
}

interface Summary {
  readonly source: ReleaseSource;
  readonly files: readonly ReleaseFile[];
  readonly images: Images | undefined;
  readonly problems: readonly string[];
  readonly directory: string;
}

function summary({ source, files, images, problems, directory }: Summary): readonly string[] {
  const { version, commit } = source;
  const width = Math.max(...files.map(({ name }) => name.length)) + 2;
  return [
    `Version   ${version}, commit ${commit.slice(0, 12)}`,
    `Files     in ${directory}`,
    ...files.map(({ name, bytes, sha256, what }) =>
      [
        "         ",
        name.padEnd(width),
        size(bytes).padStart(9),
        `  sha256 ${sha256.slice(0, 12)}…  ${what}`,
      ].join(" "),
    ),
    ...imageLines(images, version),
    `Publishes the package to npm, the image to ghcr.io (or IMAGE_REGISTRY), the files as a GitHub release v${version}`,
    ...problems.map((problem) => `Against it: ${problem}`),
  ];
}

function imageLines(images: Images | undefined, version: string): readonly string[] {
  if (images === undefined) return [];
  return [
    ...images.built.map(
      ({ platform, reference }) => `Image     ${reference} for ${platform}, as ${IMAGE_NAME}:${version}`,
    ),
    ...images.leftOut.map((reason) => `Left out  ${reason}`),
  ];
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

void runCommand(SPEC, main);
