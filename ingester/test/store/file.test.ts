import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { TYPESCRIPT } from "../../../local/test/helpers/typescript";
import { newLedger } from "../../src/ledger/ledger";
import { ConfigError } from "../../src/loop/errors";
import { FileStore } from "../../src/store/file";
import { GOING_ON, temporaryDirectory } from "./helpers/stores";

const LEDGER = newLedger(Date.parse("2026-11-23T12:00:00Z"), 1);

let path: string;
let store: FileStore;

beforeEach(() => {
  path = join(temporaryDirectory(), "deep", "er", "ledger.json");
  store = new FileStore({ path });
});

async function failureOf(action: Promise<unknown>): Promise<ConfigError> {
  const error = await action.catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(ConfigError);
  return error as ConfigError;
}

describe("the ledger file", () => {
  it("is one JSON document that other tools can read", async () => {
    await store.swap({ ledger: LEDGER, version: 1 }, undefined, GOING_ON);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ version: 1, ...LEDGER });
  });

  it("leaves no lock and no temporary file behind", async () => {
    for (let version = 1; version <= 3; version += 1) {
      await store.swap({ ledger: LEDGER, version }, version === 1 ? undefined : version - 1, GOING_ON);
    }
    expect(readdirSync(dirname(path))).toEqual(["ledger.json"]);
  });

  it("creates nothing by being read", async () => {
    await store.read();
    expect(existsSync(dirname(path))).toBe(false);
  });

  it.each<[string, string]>([
    ["is cut off", '{"version":3,"format":2,"fen'],
    ["is empty", ""],
    ["is no object", "[1]"],
    ["is of the format before", '{"format":1,"fence":3,"checkpoints":{},"meters":{}}'],
    ["is of a format to come", JSON.stringify({ version: 1, ...LEDGER, format: 3 })],
    ["has an unknown shape", JSON.stringify({ version: 1, ...LEDGER, coverage: [{ key: 1 }] })],
    ["has lost its version", JSON.stringify(LEDGER)],
  ])("is refused when it %s, and never started over", async (_case, text) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    const error = await failureOf(store.read());
    expect(error.message).toMatch(/CHECKPOINT_FILE .*ledger\.json holds no ledger/);
    await store.swap({ ledger: LEDGER, version: 1 }, undefined, GOING_ON).catch(() => undefined);
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it("says what is wrong with a place that cannot be written, and how to fix it", async () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "");
    const inFile = new FileStore({ path: join(file, "ledger.json") });
    const error = await failureOf(inFile.swap({ ledger: LEDGER, version: 1 }, undefined, GOING_ON));
    expect(error.message).toMatch(/CHECKPOINT_FILE .* cannot be used: .*A part of the path is a file/);
  });

  it("says that a directory is no file", async () => {
    mkdirSync(path, { recursive: true });
    expect((await failureOf(store.read())).message).toContain("Name a file, not a directory.");
  });

  it("stays as it was when there is no room for the next one, of which a part would fit", async () => {
    await store.swap({ ledger: LEDGER, version: 1 }, undefined, GOING_ON);
    const script = join(__dirname, "helpers/write-ledger.ts");
    // A limit for the size of files, 128 or 256 KiB: what crosses it is written in part first, as on a disk that fills up.
    const limited = ["-c", 'ulimit -f 256 && exec "$@"', "sh", process.execPath, ...TYPESCRIPT];
    const said = execFileSync("sh", [...limited, script, path, "300000"], { encoding: "utf8" });

    expect(said).toMatch(/^CHECKPOINT_FILE .* cannot be used: EFBIG: .* Free some space/);
    expect(await store.read()).toEqual({ ledger: LEDGER, version: 1 });
    expect(readdirSync(dirname(path))).toEqual(["ledger.json"]);
  });

  const asRoot = process.getuid?.() === 0;
  // Skipped as root, who can write into read-only directories.
  (asRoot ? it.skip : it)("says that a directory is read-only", async () => {
    const directory = temporaryDirectory();
    chmodSync(directory, 0o555);
    const readOnly = new FileStore({ path: join(directory, "ledger.json") });
    const error = await failureOf(readOnly.swap({ ledger: LEDGER, version: 1 }, undefined, GOING_ON));
    expect(error.message).toContain("Give this user write access");
  });
});

describe("a path that is no place for a file", () => {
  it.each([
    ["a device that can be read without end", "/dev/full", /is a device, pipe or socket/],
    ["a device that is always empty", "/dev/null", /is a device, pipe or socket/],
    ["a directory", "/", /illegal operation on a directory.*Name a file, not a directory/],
  ])("is refused: %s", async (_what, file, message) => {
    const error = await failureOf(new FileStore({ path: file }).read());
    expect(error.message).toMatch(message);
  });

  it("ends with a message where the file system never lets a directory be made", async () => {
    const swap = new FileStore({ path: "/proc/none/ledger.json" }).swap(
      { ledger: LEDGER, version: 1 },
      undefined,
      GOING_ON,
    );
    expect((await failureOf(swap)).message).toContain(
      "CHECKPOINT_FILE /proc/none/ledger.json cannot be used",
    );
  });

  it("does not wait for the writer of a pipe", async () => {
    const pipe = join(temporaryDirectory(), "pipe");
    execFileSync("mkfifo", [pipe]);
    expect((await failureOf(new FileStore({ path: pipe }).read())).message).toContain(
      "device, pipe or socket",
    );
  });
});
