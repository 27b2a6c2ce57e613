import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** Instructions with continued lines joined, comments and blank lines left out. */
const instructions = readFileSync(join(__dirname, "../../docker/Dockerfile"), "utf8")
  .replace(/^#.*\n/gm, "")
  .replace(/\\\n\s*/g, "")
  .split("\n")
  .filter((line) => line !== "");
const runtime = instructions.slice(instructions.findLastIndex((line) => line.startsWith("FROM")));

/** The JSON array of an instruction in exec form. */
function execForm(instruction: string): readonly string[] {
  const line = runtime.find((candidate) => candidate.startsWith(`${instruction} `)) ?? "";
  return JSON.parse(line.slice(line.indexOf("["))) as string[];
}

describe("docker/Dockerfile", () => {
  it("takes both base images by digest, of the same major release of Node", () => {
    const bases = instructions.filter((line) => line.startsWith("FROM"));
    const [node = "", runtimeImage = ""] = instructions;

    expect(bases).toEqual([
      `FROM --platform=$BUILDPLATFORM \${NODE_IMAGE} AS builder`,
      `FROM \${RUNTIME_IMAGE}`,
    ]);
    const digest = "@sha256:[0-9a-f]{64}$";
    const [, major] =
      new RegExp(`^ARG NODE_IMAGE=docker.io/library/node:(\\d+)[.\\d]+-[a-z]+-slim${digest}`).exec(node) ??
      [];
    expect(runtimeImage).toMatch(
      new RegExp(`^ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs${major}-debian\\d+:nonroot${digest}`),
    );
  });

  it("takes from the builder the two bundles, their start and their compiled code alone, so that no npm is shipped", () => {
    const copies = instructions.join("\n").match(/cp \S+ \/app\/\S*/g);
    expect(copies).toEqual([
      "cp ingester/dist/bucket.js /app/",
      "cp ingester/dist/main.js /app/ingester.js",
      "cp docker/start.cjs /app/main.js",
    ]);
    expect(runtime.filter((line) => line.startsWith("COPY"))).toEqual([
      "COPY --from=builder /app /app",
      "COPY --from=builder --chown=1000:1000 /build/data /data",
    ]);
  });

  it("runs nothing for the target's architecture, so that every machine can build for every other", () => {
    expect(runtime.filter((line) => line.startsWith("RUN"))).toEqual([]);
  });

  it("compiles as the image starts: path, user and flags are part of what V8 compares", () => {
    const start = execForm("ENTRYPOINT").slice(0, -1).join(" ");

    expect(instructions).toContain(
      `RUN NODE_COMPILE_CACHE=/app/compile-cache ${start} docker/rehearse.cjs /app`,
    );
    expect(runtime.join("\n")).toContain("NODE_COMPILE_CACHE=/app/compile-cache ");
    expect(instructions.filter((line) => line.startsWith("USER"))).toEqual([
      "USER 1000:1000",
      "USER 1000:1000",
    ]);
  });

  it("runs as a numbered user other than root", () => {
    expect(runtime).toContain("USER 1000:1000");
  });

  it("starts Node without a shell, with the command left to be overridden", () => {
    expect(execForm("ENTRYPOINT")).toEqual([
      "node",
      "--min-semi-space-size=4",
      "--max-semi-space-size=4",
      "--v8-pool-size=1",
      "/app/main.js",
    ]);
    expect(execForm("CMD")).toEqual(["run"]);
  });
});

describe("the image's health check", () => {
  let server: Server;
  let status = 200;

  beforeEach(async () => {
    server = createServer((request, response) => {
      response.writeHead(request.url === "/healthz" ? status : 404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  function check(httpPort: string | undefined): Promise<number> {
    const [command = "", ...args] = execForm("HEALTHCHECK");
    expect(command).toBe("node");
    const env = httpPort === undefined ? {} : { HTTP_PORT: httpPort };
    return new Promise((resolve) => {
      const child = execFile(process.execPath, args, { env }, () => resolve(child.exitCode ?? -1));
    });
  }
  const port = () => String((server.address() as AddressInfo).port);

  it.each([
    { answer: 200, exit: 0 },
    { answer: 503, exit: 1 },
  ])("exits $exit when the ingester answers $answer", async ({ answer, exit }) => {
    status = answer;

    expect(await check(port())).toBe(exit);
  });

  it("is content without a server when HTTP_PORT is 0", async () => {
    expect(await check("0")).toBe(0);
  });

  it("exits 1 when nothing answers", async () => {
    const freed = port();
    await new Promise((resolve) => server.close(resolve));

    expect(await check(freed)).toBe(1);
  });
});
