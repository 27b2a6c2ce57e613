import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TYPESCRIPT } from "../../local/test/helpers/typescript";
import { addressesOf } from "../../scripts/review/addresses";
import { SynthError, synthesizedStacks } from "../../scripts/review/program";
import { snapshotProblems, writeSnapshots } from "../../scripts/review/snapshots";
import type { TerraformJson } from "../../scripts/review/terraform-json";
import { Program } from "../helpers/program";

const COMMITTED = join(__dirname, "../../snapshots");
const ADD_REGISTRY = "const registry = new RegistryStack(app, names, config);";
/** As if the construct `image_repository` were now called `images`. */
const RENAMED = `class Renamed extends RegistryStack {
    allocateLogicalId(element: any) {
      return super.allocateLogicalId(element).replace("image_repository", "images");
    }
  }
  const registry = new Renamed(app, names, config);`;
const MOVED = `${RENAMED}
  for (const resource of registry.node.findAll() as any[]) {
    if (!resource.friendlyUniqueId?.startsWith("images")) continue;
    const old = resource.friendlyUniqueId.replace("images", "image_repository");
    resource.moveFromId(resource.terraformResourceType + "." + old);
  }`;

// Every case starts a process or two.
jest.setTimeout(120_000);

describe("the program as it is", () => {
  let stacks: Map<string, TerraformJson>;
  beforeAll(async () => {
    stacks = await synthesizedStacks(join(__dirname, "../.."), TYPESCRIPT);
  });

  it("is what the committed snapshots show", () => {
    expect(snapshotProblems(COMMITTED, stacks)).toEqual([]);
  });

  it("has addresses without hashes", () => {
    const addresses = [...stacks.values()].flatMap(addressesOf);
    expect(addresses).not.toEqual([]);
    expect(addresses.filter((address) => !/^aws_[a-z_0-9]+\.[a-z][a-z0-9_]*$/.test(address))).toEqual([]);
    expect(addresses.filter((address) => /_[0-9a-f]{8}$/i.test(address))).toEqual([]);
  });
});

describe("a program that was changed", () => {
  let program: Program;
  let folder: string;
  beforeEach(() => {
    program = new Program();
    folder = mkdtempSync(join(tmpdir(), "snapshots-"));
    cpSync(COMMITTED, folder, { recursive: true });
  });
  afterEach(() => {
    program.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it("makes its snapshots stale, and writing them shows one changed line for each change", async () => {
    program.edit("environments/dev.ts", "bufferingSizeMiB: 5", "bufferingSizeMiB: 6");
    // A variable of the container, inside of a JSON document.
    program.edit("environments/dev.ts", '"debug"', '"warn"');
    const stacks = await program.stacks();
    const refresh = "Run `npm run synth:snapshot`, look at the difference, and commit it.";
    expect(snapshotProblems(folder, stacks)).toEqual([
      `tweets-dev-data.json is stale. ${refresh}`,
      `tweets-dev-ingester.json is stale. ${refresh}`,
    ]);

    writeSnapshots(folder, stacks);

    expect(snapshotProblems(folder, stacks)).toEqual([]);
    expect(changedLines("tweets-dev-data.json")).toEqual(['"buffering_size": 6,']);
    expect(changedLines("tweets-dev-ingester.json")).toEqual(['"value": "warn"']);
  });

  it("is refused when an address is renamed, though the snapshots are written anew", async () => {
    program.edit("main.ts", ADD_REGISTRY, RENAMED);
    const stacks = await program.stacks();
    writeSnapshots(folder, stacks);
    const problems = snapshotProblems(folder, stacks);
    expect(problems.map((line) => line.split(":")[0])).toEqual(
      ["dev", "local", "prod"].flatMap((environment) => [
        `tweets-${environment}-registry lost aws_ecr_lifecycle_policy.image_repository_lifecycle`,
        `tweets-${environment}-registry lost aws_ecr_repository.image_repository`,
      ]),
    );
    expect(problems[1]).toContain('moveFromId("aws_ecr_repository.image_repository")');
  });

  it("may rename an address that it moves", async () => {
    program.edit("main.ts", ADD_REGISTRY, MOVED);
    // cdktf asks a Terraform on this machine whether it knows moved blocks; a machine for tests need not have one.
    program.edit("main.ts", "new App()", "new App({ skipValidation: true })");
    const stacks = await program.stacks();
    writeSnapshots(folder, stacks);
    expect(snapshotProblems(folder, stacks)).toEqual([]);
    expect(addressesOf(stacks.get("tweets-dev-registry") ?? {})).toContain("aws_ecr_repository.images");
  });

  it("is refused when a whole stack vanishes, until its pinned addresses are deleted", async () => {
    program.edit(
      "main.ts",
      ADD_REGISTRY,
      'const registry = config.environment === "dev" ? new DataStack(app, names, config) : new RegistryStack(app, names, config);',
    );
    program.edit(
      "main.ts",
      "const data = new DataStack",
      'const data = config.environment === "dev" ? registry : new DataStack',
    );
    program.edit("main.ts", "data.addDependency(registry);", "");
    const stacks = await program.stacks();
    writeSnapshots(folder, stacks);
    const lost = snapshotProblems(folder, stacks);
    expect(lost).not.toEqual([]);
    for (const line of lost) expect(line).toContain("tweets-dev-registry lost aws_");

    const pins = JSON.parse(readFileSync(join(folder, "addresses.json"), "utf8"));
    delete pins["tweets-dev-registry"];
    writeFileSync(join(folder, "addresses.json"), `${JSON.stringify(pins, undefined, 2)}\n`);

    expect(snapshotProblems(folder, stacks)).toEqual([]);
  });

  it("that cannot be synthesized says why", async () => {
    program.edit("environments/dev.ts", "bufferingSizeMiB: 5", "bufferingSizeMiB: 129");
    const attempt = program.stacks();
    await expect(attempt).rejects.toThrow(SynthError);
    await expect(attempt).rejects.toThrow("delivery.bufferingSizeMiB must be a whole number");
  });

  function changedLines(name: string): string[] {
    const before = readFileSync(join(COMMITTED, name), "utf8").split("\n");
    const after = readFileSync(join(folder, name), "utf8").split("\n");
    return after.filter((line, index) => line !== before[index]).map((line) => line.trim());
  }
});
