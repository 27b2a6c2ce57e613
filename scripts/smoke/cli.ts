import { setTimeout as sleep } from "node:timers/promises";
import { type CommandSpec, type OptionValues, runCommand } from "../../local/support/command-line";
import { findEngine } from "../image/engines";
import { ImageError } from "../image/image-error";
import type { Container } from "./container";
import { imageConfig } from "./image-config";
import { startContainer } from "./start-container";
import { type Surroundings, startSurroundings } from "./surroundings";

const SPEC: CommandSpec = {
  usage: "npm run image:smoke --",
  summary:
    "Builds the image for this machine, lets a container ingest from the X simulator, and checks what arrived.",
  options: {
    "node-image": {
      type: "string",
      placeholder: "IMAGE",
      help: "an image with Node, in place of the Dockerfile's base images",
    },
  },
};

const IMAGE = "localhost/ingester:smoke";
/** Far more than reading a few pages takes, on a machine that does other things too. */
const PATIENCE_MS = 120_000;
const POLL_MS = 200;

// Where buildah is all there is, there is seldom more right than for this.
process.env.BUILDAH_ISOLATION ??= "chroot";

async function main(options: OptionValues): Promise<number> {
  try {
    return await smokeTest(options["node-image"] as string | undefined);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    console.error(error.message);
    return 1;
  }
}

async function smokeTest(nodeImage: string | undefined): Promise<number> {
  const engine = await findEngine();
  await engine.build({
    reference: IMAGE,
    ...(nodeImage === undefined ? {} : { nodeImage }),
  });
  const { healthCheck } = await imageConfig(engine.name, IMAGE);
  const surroundings = await startSurroundings();
  const container = await startContainer({
    engine: engine.name,
    image: IMAGE,
    name: `ingester-smoke-${process.pid}`,
    environment: surroundings.environment,
  });
  const problems: string[] = [];
  try {
    await untilAllIsRead(container, surroundings);
    problems.push(...(await runtimeProblems(container, healthCheck)));
    await container.stop();
    const { code, stderr } = await container.ended;
    if (code !== 0) problems.push(`the ingester ended with code ${code} after SIGTERM: ${stderr}`);
  } finally {
    await container.remove();
    problems.push(...(await surroundings.settle()));
  }
  const verdict = `${surroundings.posts} posts through a container of ${engine.name}'s`;
  if (problems.length === 0)
    console.log(`${verdict}: all delivered, none bought twice, not as root, stopped cleanly`);
  for (const problem of problems) console.error(`${verdict}: ${problem}`);
  return problems.length === 0 ? 0 : 1;
}

/** @throws ImageError when the container ends early or does not end in time; with what it said. */
async function untilAllIsRead(
  container: Container,
  { postsBought, posts, healthUrl }: Surroundings,
): Promise<void> {
  let early: string | undefined;
  container.ended.then(({ code, stdout, stderr }) => {
    early = `The container ended with code ${code}:\n${stdout}${stderr}`;
  });
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    if (early !== undefined) throw new ImageError(early);
    if (postsBought() === posts && (await answers(healthUrl))) return;
  }
  throw new ImageError(`The container read ${postsBought()} of ${posts} posts in ${PATIENCE_MS / 1000} s.`);
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

async function runtimeProblems(container: Container, healthCheck: readonly string[]): Promise<string[]> {
  const userId = await container.userId();
  const health = await container.exec(healthCheck);
  return [
    ...(userId === 1000 ? [] : [`it ran as user ${userId}, not as 1000`]),
    ...(health.code === 0 ? [] : [`its health check ended with code ${health.code}: ${health.stderr}`]),
  ];
}

void runCommand(SPEC, main);
