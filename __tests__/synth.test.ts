import { existsSync } from "node:fs";
import { join } from "node:path";
import { Program, TSX } from "./helpers/program";

interface Manifest {
  readonly stacks: Readonly<Record<string, { readonly dependencies: readonly string[] }>>;
}

// Every case starts a process or two.
jest.setTimeout(120_000);

describe("npm run synth", () => {
  let program: Program;
  beforeEach(() => {
    program = new Program();
  });
  afterEach(() => program.remove());

  it("writes three stacks for each environment in the order of deployment, the same bytes every time, without absolute paths", async () => {
    expect(await program.synth(TSX)).toEqual({ exitCode: 0, stderr: "" });
    const first = program.output();
    expect([...first.keys()]).toEqual([
      "manifest.json",
      ...["dev", "local", "prod"].flatMap((environment) =>
        ["data", "ingester", "registry"].map((stack) => `stacks/tweets-${environment}-${stack}/cdk.tf.json`),
      ),
    ]);
    const other = new Program();
    await other.synth();
    expect(other.output()).toEqual(first);
    other.remove();
    for (const text of first.values()) {
      expect(text).not.toContain(program.directory);
      expect(text).not.toMatch(/"\/(?!aws\/)[a-z]+\//);
    }
    expectOrderOfDeployment(first.get("manifest.json") ?? "");
  });

  function expectOrderOfDeployment(manifest: string): void {
    const { stacks } = JSON.parse(manifest) as Manifest;
    for (const environment of ["dev", "local", "prod"]) {
      const name = (stack: string) => `tweets-${environment}-${stack}`;
      const order = [name("registry"), name("data"), name("ingester")].map(
        (stack) => stacks[stack]?.dependencies,
      );
      expect(order).toEqual([[], [name("registry")], [name("data")]]);
    }
  }

  it("lists every wrong value of every file and writes nothing", async () => {
    program.edit("environments/dev.ts", "bufferingSizeMiB: 5", "bufferingSizeMiB: 129");
    program.edit("environments/dev.ts", 'accountId: "111111111111"', 'accountId: "1111"');
    program.edit("environments/prod.ts", "logRetentionDays: 365", "logRetentionDays: 366, colour: 1");
    const { exitCode, stderr } = await program.synth();
    expect(exitCode).toBe(1);
    expect(stderr.trim().split("\n")).toEqual([
      "4 problems in the configuration; nothing was written:",
      expect.stringMatching(
        /- environments\/prod.ts:\d+:\d+: .*'colour' does not exist in type 'EnvironmentConfig'/,
      ),
      expect.stringContaining('- environments/dev.ts: accountId must be twelve digits, got "1111".'),
      expect.stringContaining(
        "- environments/dev.ts: delivery.bufferingSizeMiB must be a whole number from 1 to 128 MiB, got 129.",
      ),
      expect.stringContaining("- environments/prod.ts: logRetentionDays must be one of 1, 3, 5,"),
    ]);
    expect(existsSync(join(program.directory, "cdktf.out"))).toBe(false);
  });

  it("lists values of a wrong type beside all other wrong values, in TypeScript's words", async () => {
    program.edit("environments/dev.ts", "bufferingSizeMiB: 5", "bufferingSizeMib: 5");
    program.edit("environments/dev.ts", "monthlyPostLimit: 1_000", 'monthlyPostLimit: "6"');
    program.edit("environments/dev.ts", 'mode: "public"', 'mode: "dialup"');
    program.edit("environments/dev.ts", 'mode: "search", query', 'mode: "stream", queries');
    program.edit("environments/dev.ts", 'logLevel: "debug"', 'deduplicates: "false"');
    program.edit("environments/local.ts", 'app: "tweets",', "");
    program.edit("environments/dev.ts", "logRetentionDays: 14", "logRetentionDays: 15");
    program.edit("environments/prod.ts", 'accountId: "222222222222"', 'accountId: "2"');
    const { exitCode, stderr } = await program.synth();
    expect(exitCode).toBe(1);
    expect(stderr).not.toMatch(/^ {4}at /m);
    for (const found of [
      /local.ts:\d+:\d+: .*Property 'app' is missing/,
      /dev.ts:\d+:\d+: .*'bufferingSizeMib' does not exist in type 'DeliveryConfig'. Did you mean/,
      /dev.ts:\d+:\d+: Type '"6"' is not assignable to type/,
      /dev.ts:\d+:\d+: .*'"dialup"'/,
      /dev.ts:\d+:\d+: .*'queries' does not exist in type 'StreamSource'/,
      /dev.ts:\d+:\d+: Type 'string' is not assignable to type 'boolean'/,
      /dev.ts: logRetentionDays must be one of .*, got 15\./,
      /prod.ts: accountId must be twelve digits, got "2"\./,
    ]) {
      expect(stderr).toMatch(found);
    }
  });
});
