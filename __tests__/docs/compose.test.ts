/** docker/compose.yml: what its services are given is what the programs take. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { loadConfig } from "../../ingester/src/config/config";

const root = join(__dirname, "../..");
const { services } = parse(readFileSync(join(root, "docker/compose.yml"), "utf8")) as {
  readonly services: {
    readonly local: {
      readonly build: { readonly dockerfile_inline: string };
      readonly command: readonly string[];
    };
    readonly ingester: { readonly environment: Readonly<Record<string, string>> };
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

  it("copies what exists, and starts the simulators where the ingester looks for them", () => {
    const copied = [...services.local.build.dockerfile_inline.matchAll(/^COPY (.+) \S+$/gm)].flatMap(
      ([, paths = ""]) => paths.split(" "),
    );
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const command = services.local.command.join(" ");
    for (const [, program = ""] of command.matchAll(/tsx (\S+)/g))
      expect(existsSync(join(root, program))).toBe(true);
    const { X_API_URL = "", AWS_ENDPOINT_URL_FIREHOSE = "" } = services.ingester.environment;
    for (const url of [X_API_URL, AWS_ENDPOINT_URL_FIREHOSE]) {
      expect(command).toContain(`--port ${new URL(url).port}`);
    }
  });
});
