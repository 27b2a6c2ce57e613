import { type ChildOptions, capture, type Outcome, show } from "./child";
import { ImageError } from "./image-error";

/** An image to build. */
export interface BuildRequest {
  /** Repository and tag. */
  readonly reference: string;
  /** @default - that of the machine that builds */
  readonly platform?: "linux/arm64" | "linux/amd64";
  /** One image with Node, in place of the Dockerfile's two base images. @default - the Dockerfile's own */
  readonly nodeImage?: string;
}

/** What builds and pushes images. */
export interface Engine {
  readonly name: EngineName;
  /** @throws ImageError when the build fails; its output has been shown. */
  build(request: BuildRequest): Promise<void>;
  /** @throws ImageError with the engine's words. */
  login(registry: string, credentials: Credentials): Promise<void>;
  /** @throws ImageError when the push fails; its output has been shown. */
  push(reference: string): Promise<void>;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** In the order in which they are tried. */
const ENGINE_NAMES = ["docker", "podman", "buildah"] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** A client that waits for an engine which is not there must not hold everything up. */
const PROBE_TIMEOUT_MS = 20_000;

/** Asks the engine, not only its client, for the architecture of the machine that builds. */
const PROBES: Readonly<Record<EngineName, readonly string[]>> = {
  docker: ["info", "--format", "{{.Architecture}}"],
  podman: ["info", "--format", "{{.Host.Arch}}"],
  buildah: ["info", "--format", "{{.host.arch}}"],
};

/** One image without attestations beside it, which ECR's lifecycle rules would count as images of their own. */
const DOCKER_ENVIRONMENT = { DOCKER_BUILDKIT: "1", BUILDX_NO_DEFAULT_ATTESTATIONS: "1" };

/**
 * The first engine that answers: a client alone builds nothing.
 * @throws ImageError naming every engine tried and why it is not usable.
 */
export async function findEngine(): Promise<Engine> {
  const reasons: string[] = [];
  for (const name of ENGINE_NAMES) {
    const answer = await capture(name, PROBES[name], { timeoutMs: PROBE_TIMEOUT_MS });
    const architecture = answer.stdout.trim();
    if (answer.code === 0 && architecture !== "") return new CommandLineEngine(name, architecture);
    reasons.push(`  - ${name}: ${reasonOf(answer)}`);
  }
  throw new ImageError(
    `No container engine answers. Start or install one of these:\n${reasons.join("\n")}\n` +
      "On Debian and Ubuntu without a daemon: apt-get install buildah",
  );
}

class CommandLineEngine implements Engine {
  constructor(
    readonly name: EngineName,
    private readonly architecture: string,
  ) {}

  async build(request: BuildRequest): Promise<void> {
    const { code } = await this.show(buildArguments(this.name, this.architecture, request));
    if (code === 0) return;
    const advice =
      this.name === "buildah" ? " If it may not start containers, set BUILDAH_ISOLATION=chroot." : "";
    throw new ImageError(`${this.name} could not build ${request.reference}; see its output above.${advice}`);
  }

  async login(registry: string, { user, password }: Credentials): Promise<void> {
    const args = ["login", "--username", user, "--password-stdin", registry];
    const outcome = await capture(this.name, args, { ...this.options, input: password });
    if (outcome.code === 0) return;
    throw new ImageError(
      `${this.name} could not log in to ${registry}: ${reasonOf(outcome).replaceAll(password, "***")}`,
    );
  }

  async push(reference: string): Promise<void> {
    const { code } = await this.show(["push", reference]);
    if (code !== 0) throw new ImageError(`${this.name} could not push ${reference}; see its output above.`);
  }

  private show(args: readonly string[]): Promise<Outcome> {
    return show(this.name, args, this.options);
  }

  private get options(): ChildOptions {
    return this.name === "docker" ? { env: DOCKER_ENVIRONMENT } : {};
  }
}

/** Arguments of a build from the repository's root. */
function buildArguments(name: EngineName, architecture: string, request: BuildRequest): readonly string[] {
  return [
    "build",
    ...(request.platform === undefined ? [] : ["--platform", request.platform]),
    ...(name === "docker" ? [] : daemonlessArguments(architecture)),
    ...baseArguments(request),
    "--file",
    "docker/Dockerfile",
    "--tag",
    request.reference,
    ".",
  ];
}

function baseArguments({ nodeImage }: BuildRequest): readonly string[] {
  if (nodeImage === undefined) return [];
  return ["NODE_IMAGE", "RUNTIME_IMAGE"].flatMap((name) => ["--build-arg", `${name}=${nodeImage}`]);
}

/** The Docker format, since OCI's has no health check; BUILDPLATFORM, which older releases do not set themselves. */
function daemonlessArguments(architecture: string): readonly string[] {
  return [
    "--format",
    "docker",
    "--ignorefile",
    "docker/Dockerfile.dockerignore",
    "--build-arg",
    `BUILDPLATFORM=linux/${architecture}`,
  ];
}

/** The last line a program said is the one that matters. */
function reasonOf({ failure, stderr, code }: Outcome): string {
  if (failure?.code === "ENOENT") return "not installed";
  if (failure?.code === "ABORT_ERR") return "did not answer in time";
  const said = stderr.trim().split("\n").pop();
  return failure?.message || said || `ended with code ${code}`;
}
