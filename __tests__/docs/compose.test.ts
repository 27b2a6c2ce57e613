/** docker/compose.yml: what its services are given is what the programs take. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { loadConfig } from "../../ingester/src/config/config";

const root = join(__dirname, "../..");
const { services } = parse(readFileSync(join(root, "docker/compose.yml"), "utf8")) as {
  readonly services: {
    readonly local: {
      readonly build: { readonly dockerfile_inline: string };
      readonly command: readonly string[];
      readonly init: boolean;
      readonly ports: readonly string[];
    };
    readonly ingester: {
      readonly environment: Readonly<Record<string, string>>;
      readonly volumes: readonly string[];
      readonly read_only: boolean;
      readonly stop_grace_period: string;
      readonly healthcheck?: unknown;
    };
  };
};

describe("docker/compose.yml", () => {
  it("configures the ingester so that it starts", () => {
    const config = loadConfig(services.ingester.environment, {
      caps: { maxPosts: undefined, maxUsd: undefined },
    });
    expect(config).toMatchObject({ x: { apiUrl: "http://127.0.0.1:4100" }, search: { pollMs: 5_000 } });
  });

  it("builds the simulators on the ingester's Node", () => {
    const [, image] =
      /^ARG NODE_IMAGE=(.+)$/m.exec(readFileSync(join(root, "docker/Dockerfile"), "utf8")) ?? [];
    expect(services.local.build.dockerfile_inline.split("\n")[0]).toBe(`FROM ${image}`);
  });

  it("stops each service cleanly: SIGTERM reaches Node, and the ingester has its time", () => {
    const { local, ingester } = services;
    expect(local.init).toBe(true);
    expect(local.command.slice(0, 2)).toEqual(["sh", "-c"]);
    expect(local.command[2]).toMatch(/ & exec node .*firehose.cli\.ts/);
    const { shutdownMs } = loadConfig(ingester.environment, {
      caps: { maxPosts: undefined, maxUsd: undefined },
    });
    expect(Number.parseInt(ingester.stop_grace_period, 10) * 1_000).toBeGreaterThan(shutdownMs);
  });

  it("leaves the ingester one place to write to, the volume that the image gives to its user", () => {
    const { environment, volumes, read_only, healthcheck } = services.ingester;
    const mounts = volumes.map((volume) => volume.split(":")[1]);
    expect([read_only, mounts]).toEqual([true, [dirname(environment.CHECKPOINT_FILE ?? "")]]);
    const dockerfile = readFileSync(join(root, "docker/Dockerfile"), "utf8");
    for (const mount of mounts)
      expect(dockerfile).toMatch(new RegExp(`--chown=1000:1000 \\S+ ${mount}$`, "m"));
    // The image's own check needs no shell, which the image does not have.
    expect(healthcheck).toBeUndefined();
  });

  it("shows the status page to this machine alone", () => {
    expect(services.local.ports).toEqual(["127.0.0.1:8080:8080"]);
  });

  it("copies what exists, and starts the simulators where the ingester looks for them", () => {
    const copied = [...services.local.build.dockerfile_inline.matchAll(/^COPY (.+) \S+$/gm)].flatMap(
      ([, paths = ""]) => paths.split(" "),
    );
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const command = services.local.command.join(" ");
    const programs = [...command.matchAll(/tsx (\S+)/g)].map(([, program = ""]) => program);
    expect(programs).toHaveLength(2);
    expect(programs.filter((program) => !existsSync(join(root, program)))).toEqual([]);
    const { X_API_URL = "", AWS_ENDPOINT_URL_FIREHOSE = "" } = services.ingester.environment;
    for (const url of [X_API_URL, AWS_ENDPOINT_URL_FIREHOSE]) {
      expect(command).toContain(`--port ${new URL(url).port}`);
    }
  });
});
