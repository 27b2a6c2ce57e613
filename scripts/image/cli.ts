import { type CommandSpec, helpText, type OptionValues, readOptions } from "../../local/support/command-line";
import { UsageError } from "../../local/support/usage-error";
import { ConfigurationError } from "../../stacks/environment/check-environments";
import { loadEnvironment } from "./environment-file";
import { HandOver } from "./hand-over";
import { ImageError } from "./image-error";

// The lockfile pins an SDK that supports this Node; what later versions of it will need is no news here.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

const SPEC: CommandSpec = {
  usage: "npm run image -- build|push|tag",
  summary:
    "Builds the ingester's image for an environment, pushes it to the environment's repository, pins it.",
  options: {
    env: { type: "string", placeholder: "NAME", help: "environment file, for example dev (required)" },
    "node-image": {
      type: "string",
      placeholder: "IMAGE",
      help: "an image with Node, in place of the Dockerfile's base images",
    },
    "no-pin": { type: "boolean", help: "push: leave the environment file as it is" },
  },
  notes: [
    "build  with docker, podman or buildah, the first whose engine answers",
    "push   builds, unless the repository has this content already; then pins the environment file to the tag",
    "tag    prints the tag, which is derived from everything that goes into the image",
  ],
};

const VERBS: Readonly<Record<string, (handOver: HandOver, options: OptionValues) => Promise<void>>> = {
  build: async (handOver) => {
    await handOver.build();
    console.log(`To deploy it: npm run image -- push, then worker.image is "${handOver.tag}"`);
  },
  push: async (handOver, options) => {
    await handOver.push();
    if (!options["no-pin"]) handOver.pin();
    else console.log(`worker.image is to be "${handOver.tag}"`);
  },
  tag: async (handOver) => console.log(handOver.tag),
};

async function main([verb = "", ...args]: readonly string[]): Promise<void> {
  const options = readOptions(SPEC, verb.startsWith("-") ? [verb, ...args] : args);
  if (options === "help") return void process.stdout.write(helpText(SPEC));
  const act = VERBS[verb];
  if (act === undefined) {
    const got = verb === "" ? "nothing" : JSON.stringify(verb);
    throw new UsageError(`The first word must be build, push or tag, got ${got}.`);
  }
  if (options.env === undefined)
    throw new UsageError("--env is missing: name an environment, such as --env dev.");
  // npm runs scripts in the repository's root.
  const root = process.cwd();
  const environment = await loadEnvironment(root, String(options.env));
  const nodeImage = options["node-image"];
  await act(
    new HandOver({
      root,
      environment,
      ...(nodeImage === undefined ? {} : { nodeImage: String(nodeImage) }),
      say: (line) => console.log(line),
    }),
    options,
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const wrongInput = error instanceof UsageError || error instanceof ConfigurationError;
  const expected = wrongInput || error instanceof ImageError;
  process.stderr.write(`${expected ? error.message : error instanceof Error ? error.stack : error}\n`);
  process.exitCode = wrongInput ? 2 : 1;
});
