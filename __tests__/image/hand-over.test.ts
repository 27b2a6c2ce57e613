import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { TYPESCRIPT } from "../../local/test/helpers/typescript";
import { type Checkout, checkout } from "./helpers/checkout";
import { type EcrAnswer, fakeEcr } from "./helpers/fake-ecr";
import { type FakeEngine, fakeEngines, WORKING } from "./helpers/fake-engines";

const CLI = join(__dirname, "../../scripts/image/cli.ts");
const TSX = [
  "--require",
  require.resolve("tsx/preflight"),
  "--import",
  pathToFileURL(require.resolve("tsx")).href,
];
const HOST = "111111111111.dkr.ecr.eu-west-1.amazonaws.com";
const PASSWORD = "the-password";
const TOKEN = { authorizationData: [{ authorizationToken: btoa(`AWS:${PASSWORD}`) }] };
const NO_IMAGE: EcrAnswer = { __type: "ImageNotFoundException", message: "no such image" };
const CLIENT_ONLY: FakeEngine = { info: "echo 'Cannot connect to the daemon.' >&2; exit 1" };

interface Setup {
  readonly engines?: Readonly<Record<string, FakeEngine>>;
  readonly ecr?: Readonly<Record<string, EcrAnswer>>;
  readonly signedOut?: boolean;
  /** How Node runs TypeScript; as `npm run` does it, or cheaper. */
  readonly runner?: readonly string[];
}

let repository: Checkout;
let cleanUp: (() => void)[];

beforeEach(() => {
  repository = checkout();
  cleanUp = [repository.remove];
});
afterEach(() => {
  for (const step of cleanUp) step();
});

/** Runs `npm run image -- ...` as npm does: a process in the repository's root. */
async function image(args: readonly string[], setup: Setup = {}) {
  const engines = fakeEngines(setup.engines ?? { buildah: WORKING });
  const ecr = await fakeEcr(setup.ecr ?? { DescribeImages: NO_IMAGE, GetAuthorizationToken: TOKEN });
  cleanUp.push(engines.remove, ecr.close);
  const env = {
    PATH: engines.path,
    ENGINE_LOG: engines.logFile,
    AWS_ENDPOINT_URL_ECR: ecr.url,
    AWS_EC2_METADATA_DISABLED: "true",
    ...(setup.signedOut ? {} : { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" }),
  };
  return new Promise<{ code: number; output: string; calls: readonly string[] }>((resolve) => {
    const child = execFile(
      process.execPath,
      [...(setup.runner ?? TYPESCRIPT), CLI, ...args],
      { cwd: repository.root, env },
      (_, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, output: stdout + stderr, calls: engines.calls() }),
    );
  });
}

// Every case starts a process or five.
jest.setTimeout(60_000);

describe("npm run image", () => {
  it("builds for the environment's architecture with the first engine that answers", async () => {
    const { code, calls, output } = await image(["build", "--env", "dev"], {
      engines: { docker: CLIENT_ONLY, podman: WORKING, buildah: WORKING },
      runner: TSX,
    });

    const tag = /tweets-dev-ecr:(\S+)/.exec(output)?.[1];
    expect(code).toBe(0);
    expect(calls.map((call) => call.split(" ").slice(0, 2).join(" "))).toEqual([
      "docker info",
      "podman info",
      "podman build",
    ]);
    expect(calls.at(-1)).toContain("--platform linux/arm64 ");
    expect(calls.at(-1)).toContain(`--tag ${HOST}/tweets-dev-ecr:${tag} .`);
    expect(output).toContain(`worker.image is "${tag}"`);
  });

  it("says of every engine why it is not usable when none answers", async () => {
    const { code, output } = await image(["build", "--env", "dev"], { engines: { docker: CLIENT_ONLY } });

    expect(code).toBe(1);
    expect(output).toContain("docker: Cannot connect to the daemon.");
    expect(output).toContain("podman: not installed");
    expect(output).toContain("buildah: not installed");
    expect(output).not.toContain("    at ");
  });

  it("pushes with a password that is in no argument and no output, and pins the environment file", async () => {
    const { code, calls, output } = await image(["push", "--env", "dev"]);

    const pinned = /image: "(1\.2\.3-arm64-[0-9a-f]{12})"/.exec(repository.read("environments/dev.ts"))?.[1];
    expect(code).toBe(0);
    expect(calls.slice(2)).toEqual([
      `buildah login --username AWS --password-stdin ${HOST}`,
      `stdin: ${PASSWORD}`,
      `buildah push ${HOST}/tweets-dev-ecr:${pinned}`,
    ]);
    expect(output).not.toContain(PASSWORD);
    expect(output).toContain(`Pinned environments/dev.ts: image "0.1.0" is now "${pinned}"`);
  });

  it("pushes nothing that is there already, and needs no engine to pin it", async () => {
    const { code, calls, output } = await image(["push", "--env", "dev"], {
      engines: {},
      ecr: { DescribeImages: { imageDetails: [] } },
    });

    expect(code).toBe(0);
    expect(calls).toEqual([]);
    expect(output).toContain("is there already");
    expect(repository.read("environments/dev.ts")).toMatch(/image: "1\.2\.3-arm64-/);
  });

  it("does not pin an image that was not pushed, or when pinning is switched off", async () => {
    const before = repository.read("environments/dev.ts");
    const failed = await image(["push", "--env", "dev"], {
      engines: { docker: { ...WORKING, push: "echo 'denied' >&2; exit 1" } },
    });
    const unpinned = await image(["push", "--env", "dev", "--no-pin"]);

    expect(failed.code).toBe(1);
    expect(failed.output).toMatch(/docker could not push \S+; see its output above/);
    expect(unpinned.code).toBe(0);
    expect(repository.read("environments/dev.ts")).toBe(before);
  });

  it.each([
    {
      when: "the repository is missing",
      setup: { ecr: { DescribeImages: { __type: "RepositoryNotFoundException", message: "not found" } } },
      says: "There is no repository tweets-dev-ecr in account 111111111111, region eu-west-1. Apply tweets-dev-registry first",
    },
    {
      when: "no user is logged in",
      setup: { signedOut: true },
      says: "Not logged in to AWS: Could not load credentials from any providers. Log in (aws sso login",
    },
    {
      when: "the credentials are of another account",
      setup: { ecr: { DescribeImages: { __type: "AccessDeniedException", message: "not authorized" } } },
      says: "AWS refuses ecr:DescribeImages: not authorized. Allow ecr:DescribeImages, or log in to account 111111111111",
    },
  ])("says what to do when $when, before it builds anything", async ({ setup, says }) => {
    const { code, output, calls } = await image(["push", "--env", "dev"], setup);

    expect(code).toBe(1);
    expect(output).toContain(says);
    expect(output).not.toContain("    at ");
    expect(calls).toEqual([]);
  });

  it("shows why a login failed, without the password", async () => {
    const { code, output } = await image(["push", "--env", "dev"], {
      engines: { podman: { ...WORKING, login: 'read -r line; echo "bad password $line" >&2; exit 125' } },
    });

    expect(code).toBe(1);
    expect(output).toContain(`podman could not log in to ${HOST}: bad password ***`);
    expect(output).not.toContain(PASSWORD);
  });

  it("refuses to push for an emulator", async () => {
    const { code, output } = await image(["push", "--env", "local"]);

    expect(code).toBe(1);
    expect(output).toContain("environments/local.ts is for an emulator");
  });

  it.each([
    { args: ["build"], says: "--env is missing" },
    { args: ["build", "--env", "staging"], says: '--env must be one of dev, local, prod, got "staging".' },
    { args: ["biuld", "--env", "dev"], says: 'The first word must be build, push or tag, got "biuld".' },
  ])("exits 2 for $args", async ({ args, says }) => {
    const { code, output } = await image(args);

    expect(code).toBe(2);
    expect(output.trim()).toMatch(new RegExp(`^${says.replaceAll(".", "\\.")}`));
  });
});
