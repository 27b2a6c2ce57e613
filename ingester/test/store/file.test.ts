import { execFileSync } from "node:child_process";
import fs, {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { TYPESCRIPT } from "../../../local/test/helpers/typescript";
import { newLedger } from "../../src/ledger/ledger";
import { ConfigError } from "../../src/loop/errors";
import { thisProcess } from "../../src/runtime/process-identity";
import { FileStore } from "../../src/store/file";
import { FakeClock } from "../helpers/fake-clock";
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

  it("is not written by a process that stood still until another one took its lock", async () => {
    await store.swap({ ledger: LEDGER, version: 1 }, undefined, GOING_ON);
    const flush = jest.spyOn(fs, "fsyncSync").mockImplementationOnce(() => {
      writeFileSync(`${path}.lock`, JSON.stringify({ id: "another", process: thisProcess() }));
    });
    expect(await store.swap({ ledger: LEDGER, version: 2 }, 1, GOING_ON)).toBe(false);
    expect(flush).toHaveBeenCalled();
    expect([(await store.read())?.version, existsSync(`${path}.lock`)]).toEqual([1, true]);
    flush.mockRestore();
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

describe("a ledger file behind a symbolic link", () => {
  let link: string;
  let linked: FileStore;

  beforeEach(() => {
    const directory = join(temporaryDirectory(), "release-1");
    mkdirSync(directory);
    mkdirSync(dirname(path), { recursive: true });
    link = join(directory, "ledger.json");
    symlinkSync(path, link);
    linked = new FileStore({ path: link });
  });

  it("is the same ledger by both paths, and the link stays", async () => {
    await store.swap({ ledger: LEDGER, version: 1 }, undefined, GOING_ON);
    await linked.swap({ ledger: LEDGER, version: 2 }, 1, GOING_ON);

    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(await store.read()).toMatchObject({ version: 2 });
    expect(await store.swap({ ledger: LEDGER, version: 2 }, 1, GOING_ON)).toBe(false);
  });

  it("has one lock by both paths", async () => {
    await store.swap({ ledger: LEDGER, version: 1 }, undefined, GOING_ON);
    const holder = { id: "theirs", process: { pid: 17, host: { name: "another-host" } } };
    writeFileSync(`${path}.lock`, JSON.stringify(holder));
    const waiting = new FileStore({ path: link, clock: new FakeClock() });
    const swap = waiting.swap({ ledger: LEDGER, version: 2 }, 1, GOING_ON);
    expect((await failureOf(swap)).message).toContain("process 17 on another-host");
  });

  it("is the same ledger where the directory is the link, and is created by the store", async () => {
    const directory = join(temporaryDirectory(), "current");
    symlinkSync(dirname(dirname(path)), directory);
    const through = new FileStore({ path: join(directory, "new", "ledger.json") });
    await through.checkWritable();
    await through.swap({ ledger: LEDGER, version: 1 }, undefined, GOING_ON);
    const direct = new FileStore({ path: join(dirname(dirname(path)), "new", "ledger.json") });
    expect(await direct.read()).toMatchObject({ version: 1 });
  });

  it.each<[string, (through: FileStore) => Promise<unknown>]>([
    ["read", (through) => through.read()],
    ["written", (through) => through.swap({ ledger: LEDGER, version: 1 }, undefined, GOING_ON)],
    ["checked", (through) => through.checkWritable()],
  ])("is not started over when the link leads nowhere and it is %s", async (_case, use) => {
    expect((await failureOf(use(linked))).message).toMatch(/symbolic link .*, and nothing is there\. Mount/);
    expect([lstatSync(link).isSymbolicLink(), readdirSync(dirname(path))]).toEqual([true, []]);
  });

  it("is not started over when the link of its directory leads nowhere", async () => {
    const directory = join(temporaryDirectory(), "data");
    symlinkSync("/not/mounted", directory);
    const absent = new FileStore({ path: join(directory, "state", "ledger.json") });
    expect((await failureOf(absent.read())).message).toContain(
      `the symbolic link ${directory}, which points to /not/mounted, and nothing is there`,
    );
  });

  it("is not written when a link has taken the file's place while the process ran", async () => {
    await store.swap({ ledger: LEDGER, version: 1 }, undefined, GOING_ON);
    await store.read();
    const other = join(temporaryDirectory(), "ledger.json");
    await new FileStore({ path: other }).swap({ ledger: LEDGER, version: 1 }, undefined, GOING_ON);
    unlinkSync(path);
    symlinkSync(other, path);
    const late = store.swap({ ledger: LEDGER, version: 2 }, 1, GOING_ON);
    expect((await failureOf(late)).message).toContain("was replaced by a symbolic link");
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
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
