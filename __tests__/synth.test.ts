import { existsSync } from "node:fs";
import { join } from "node:path";
import { Program } from "./helpers/program";

describe("npm run synth", () => {
  let program: Program;
  beforeEach(() => {
    program = new Program();
  });
  afterEach(() => program.remove());

  it("writes three stacks for each environment, the same bytes every time, without absolute paths", async () => {
    expect(await program.synth()).toEqual({ exitCode: 0, stderr: "" });
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
  });

  it("lists every wrong value of every file and writes nothing", async () => {
    program.edit("environments/dev.ts", "bufferingSizeMiB: 5", "bufferingSizeMiB: 129");
    program.edit("environments/dev.ts", 'accountId: "111111111111"', 'accountId: "1111"');
    program.edit("environments/prod.ts", "logRetentionDays: 365", "logRetentionDays: 366, colour: 1");
    const { exitCode, stderr } = await program.synth();
    expect(exitCode).toBe(1);
    expect(stderr.trim().split("\n")).toEqual([
      "4 problems in the configuration; nothing was written:",
      expect.stringContaining('- environments/dev.ts: accountId must be twelve digits, got "1111".'),
      expect.stringContaining(
        "- environments/dev.ts: delivery.bufferingSizeMiB must be a whole number from 1 to 128 MiB, got 129.",
      ),
      expect.stringContaining("- environments/prod.ts: logRetentionDays must be one of 1, 3, 5,"),
      expect.stringContaining("- environments/prod.ts: colour is not a known field."),
    ]);
    expect(existsSync(join(program.directory, "cdktf.out"))).toBe(false);
  });
});
