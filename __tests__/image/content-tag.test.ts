import { contentTag } from "../../scripts/image/content-tag";
import { type Checkout, checkout } from "./helpers/checkout";

let repository: Checkout;
const tag = (options: { architecture?: "ARM64" | "X86_64"; nodeImage?: string } = {}) =>
  contentTag({ root: repository.root, architecture: "ARM64", ...options });

beforeEach(() => {
  repository = checkout();
});
afterEach(() => repository.remove());

describe("contentTag", () => {
  it("says version and architecture, and fits ECR's rules for tags", () => {
    expect(tag()).toMatch(/^1\.2\.3-arm64-[0-9a-f]{12}$/);
    expect(tag({ architecture: "X86_64" })).toMatch(/^1\.2\.3-x86-64-[0-9a-f]{12}$/);
  });

  it("is the same for the same content in another place", () => {
    const elsewhere = checkout();
    const tagElsewhere = contentTag({ root: elsewhere.root, architecture: "ARM64" });
    elsewhere.remove();

    expect(tagElsewhere).toBe(tag());
  });

  it.each([
    "docker/Dockerfile",
    "docker/start.cjs",
    "docker/rehearse.cjs",
    "package.json",
    "package-lock.json",
    ".npmrc",
    "tsconfig.json",
    "ingester/build.mjs",
    "ingester/src/main.ts",
  ])("changes with %s", (path) => {
    const before = tag();
    repository.write(path, `${repository.read(path)}\n`);

    expect(tag()).not.toBe(before);
  });

  it("changes when a source file is added, renamed or moved to another", () => {
    const tags = new Set([tag()]);
    repository.write("ingester/src/x/a.ts", "ab");
    tags.add(tag());
    repository.write("ingester/src/x/a.ts", "a");
    repository.write("ingester/src/x/b.ts", "b");
    tags.add(tag());

    expect(tags.size).toBe(3);
  });

  it("changes with the base image that is used instead of the Dockerfile's", () => {
    expect(tag({ nodeImage: "localhost/node:local" })).not.toBe(tag());
  });

  it.each(["ingester/test/main.test.ts", "environments/dev.ts", "README.md"])(
    "does not change with %s",
    (path) => {
      const before = tag();
      repository.write(path, "something else");

      expect(tag()).toBe(before);
    },
  );

  it("refuses an allow-list that leaves something to guess", () => {
    repository.write("docker/Dockerfile.dockerignore", "*\n!ingester/**/*.ts\n");

    expect(tag).toThrow('docker/Dockerfile.dockerignore must be an allow-list: "*", then lines');
  });

  it("refuses an allow-list that names what does not exist", () => {
    repository.write("docker/Dockerfile.dockerignore", "*\n!ingester/sources\n");

    expect(tag).toThrow("lets ingester/sources through, which does not exist");
  });
});
