import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FencedFile } from "../../src/checkpoint/fenced-file";
import { createFileState } from "../../src/checkpoint/file-state";
import { HeldFile } from "../../src/checkpoint/held-file";
import { EMPTY_DOCUMENT, type StateDocument } from "../../src/checkpoint/state-document";
import { systemClock } from "../../src/clock";
import { CheckpointLostError, ConfigError } from "../../src/errors";
import { temporaryDirectory } from "./helpers/backends";

// Real locks, disks and servers are slow on a machine that has more to do.
jest.setTimeout(30_000);

const GOING_ON = new AbortController().signal;

let directory: string;
let file: string;

beforeEach(() => {
  directory = temporaryDirectory();
  file = join(directory, "state.json");
});
afterEach(() => rmSync(directory, { recursive: true }));

function acquire(path = file) {
  return createFileState({ file: path, key: "search:cats" }).checkpoints.acquire(GOING_ON);
}

describe("checkpoint file", () => {
  it("is created together with its directory, and leaves nothing else behind", async () => {
    const nested = join(directory, "a", "b", "state.json");
    const { checkpoints } = createFileState({ file: nested, key: "search:cats" });
    await checkpoints.acquire(GOING_ON);
    await checkpoints.save({ sinceId: "5", gaps: [] });
    await checkpoints.release();

    expect(JSON.parse(readFileSync(nested, "utf8"))).toEqual({
      format: 1,
      fence: 1,
      checkpoints: { "search:cats": { position: { sinceId: "5", gaps: [] }, updatedAt: expect.any(String) } },
      meters: {},
    });
    expect(readdirSync(join(directory, "a", "b"))).toEqual(["state.json"]);
  });

  it.each([
    ["empty", "", "expected a JSON object"],
    ["cut", '{"format":1,"fence":3,"checkp', "expected a JSON object"],
    ["of a newer format", '{"format":2}', '"format" must be 1, got 2'],
    ["of something else", '{"name":"tweets"}', '"format" must be 1, got undefined'],
    ["without a fence", '{"format":1}', '"fence" must be an integer'],
    ["with a bad id", documentWith({ sinceId: 5, gaps: [] }), 'unknown shape under "search:cats"'],
    ["with a bad window", documentWith({ window: {}, gaps: [] }), 'unknown shape under "search:cats"'],
    ["with a bad meter", '{"format":1,"fence":1,"checkpoints":{},"meters":{"m":{"version":1}}}', '"meters"'],
  ])("is refused, and left as it is, when it is %s", async (_what, content, problem) => {
    writeFileSync(file, content);

    const refused = acquire();

    await expect(refused).rejects.toBeInstanceOf(ConfigError);
    await expect(refused).rejects.toThrow(problem);
    await expect(refused).rejects.toThrow(file);
    expect(readFileSync(file, "utf8")).toBe(content);
    expect(readdirSync(directory)).toEqual(["state.json"]);
  });

  it("says what to do when it is a directory, or below a file", async () => {
    mkdirSync(file);
    await expect(acquire()).rejects.toThrow("Name a file, not a directory.");

    writeFileSync(join(directory, "plain"), "");
    await expect(acquire(join(directory, "plain", "state.json"))).rejects.toThrow(/Name a file|name a file/);
    await expect(acquire(join(directory, "plain", "state.json"))).rejects.toBeInstanceOf(ConfigError);
  });

  it("is not created anew under a holder from whom it was deleted", async () => {
    const { checkpoints } = createFileState({ file, key: "search:cats" });
    await checkpoints.acquire(GOING_ON);
    rmSync(file);

    await expect(checkpoints.save({ gaps: [] })).rejects.toBeInstanceOf(CheckpointLostError);

    await checkpoints.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it("carries a higher fence for every ingester that takes it", async () => {
    for (const fence of [1, 2, 3]) {
      const { checkpoints } = createFileState({ file, key: "search:cats" });
      await checkpoints.acquire(GOING_ON);
      await checkpoints.release();

      expect(JSON.parse(readFileSync(file, "utf8")).fence).toBe(fence);
    }
  });

  it("is not overwritten by a former holder that was slow between its check and its rename", () => {
    const replacement = new FencedFile(file);
    let onChecked = (): void => undefined;
    class SlowFile extends FencedFile {
      override hasFence(fence: number): boolean {
        const result = super.hasFence(fence);
        onChecked();
        return result;
      }
    }
    const former = new SlowFile(file);
    const document = former.raiseFence();
    onChecked = () => void replacement.raiseFence();

    expect(former.write({ ...document, checkpoints: {} })).toBe(false);

    expect(replacement.read().fence).toBe(document.fence + 1);
  });

  it("keeps a position that a slow former holder saved just before it was replaced", () => {
    const former = new FencedFile(file);
    const document = former.raiseFence();
    const saved = {
      ...document,
      checkpoints: { cats: { position: { sinceId: "7", gaps: [] }, updatedAt: "" } },
    };
    class InterruptedFile extends FencedFile {
      private reads = 0;
      override read(): StateDocument {
        this.reads += 1;
        // Between the new fence and the look at it, the former holder's rename comes through.
        if (this.reads === 2) writeFileSync(file, JSON.stringify(saved));
        return super.read();
      }
    }

    const taken = new InterruptedFile(file).raiseFence();

    expect(taken).toEqual({ ...saved, fence: document.fence + 1 });
    expect(former.read()).toEqual(taken);
  });

  it("is replaced once for a position and a reservation that are saved together", async () => {
    let writes = 0;
    class CountingFile extends FencedFile {
      override write(document: StateDocument): boolean {
        writes += 1;
        return super.write(document);
      }
    }
    const counting = new CountingFile(file);
    const held = new HeldFile(counting, {
      clock: systemClock,
      heartbeatMs: 1_000,
      staleMs: 1_000,
      pollMs: 10,
    });
    await held.acquire(GOING_ON);

    await Promise.all([
      held.change((document) => ({ ...document, checkpoints: {} })),
      held.change((document) => ({ ...document, meters: {} })),
    ]);

    expect(writes).toBe(1);
    expect(counting.read()).toEqual({ ...EMPTY_DOCUMENT, fence: 1 });
    await held.release();
  });
});

function documentWith(position: unknown): string {
  return JSON.stringify({ ...EMPTY_DOCUMENT, checkpoints: { "search:cats": { position } } });
}
