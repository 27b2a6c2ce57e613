import { freshMeter } from "../../src/checkpoint/meter";
import { MeterConflictError } from "../../src/checkpoint/meter-store";
import { CheckpointHeldError, CheckpointLostError, EXIT } from "../../src/errors";
import type { Position } from "../../src/window";
import { dynamoBackend, fileBackend } from "./helpers/backends";

// Real locks, disks and servers are slow on a machine that has more to do.
jest.setTimeout(30_000);

const GOING_ON = new AbortController().signal;
const POSITION: Position = {
  sinceId: "2089996193672200192",
  window: { newestId: "2089996193672209999", oldestDeliveredId: "2089996193672205555" },
  caughtUpAtMs: 1_790_000_000_000,
  gaps: [{ afterId: "1", beforeId: "9", reason: "down for 8 days", recordedAt: "2026-11-02T03:04:05.678Z" }],
};
const METER = freshMeter(Date.UTC(2026, 10, 23), 1);
const SPENT = { ...METER, spent: { posts: 80, includedPosts: 0, includedUsers: 0 } };

describe.each([
  ["file", fileBackend()],
  ["DynamoDB", dynamoBackend()],
])("state in %s", (_name, backend) => {
  beforeAll(() => backend.start());
  afterAll(() => backend.stop());
  beforeEach(() => backend.empty());

  it("has no position before the first save", async () => {
    const { checkpoints } = backend.create();

    expect(await checkpoints.acquire(GOING_ON)).toBeUndefined();

    await checkpoints.release();
  });

  it("gives the saved position, whole, to the next ingester", async () => {
    const { checkpoints: first } = backend.create();
    await first.acquire(GOING_ON);
    await first.save({ gaps: [] });
    await first.save(POSITION);
    await first.release();

    const { checkpoints: second } = backend.create();

    expect(await second.acquire(GOING_ON)).toEqual(POSITION);
    await second.release();
  });

  it("keeps the positions of different keys apart", async () => {
    const { checkpoints: cats } = backend.create({ key: "search:cats" });
    await cats.acquire(GOING_ON);
    await cats.save(POSITION);
    await cats.release();

    const { checkpoints: dogs } = backend.create({ key: "search:dogs" });

    expect(await dogs.acquire(GOING_ON)).toBeUndefined();
    await dogs.release();
  });

  it("refuses a second ingester while the first one lives", async () => {
    const { checkpoints: first } = backend.create();
    await first.acquire(GOING_ON);

    const refused = backend.create().checkpoints.acquire(GOING_ON);

    await expect(refused).rejects.toBeInstanceOf(CheckpointHeldError);
    await expect(refused).rejects.toMatchObject({ exitCode: EXIT.checkpointHeld });
    await expect(refused).rejects.toThrow(`process ${process.pid} on `);
    await first.confirm();
    await first.save(POSITION);
    await first.release();
  });

  it("gives the checkpoint to exactly one of several that ask at once", async () => {
    const rivals = Array.from({ length: 6 }, () => backend.create().checkpoints);

    const outcomes = await Promise.allSettled(rivals.map((rival) => rival.acquire(GOING_ON)));

    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(CheckpointHeldError);
    }
    await Promise.all(rivals.map((rival) => rival.release()));
  });

  it("refuses every write of a holder whose place was taken", async () => {
    const old = backend.create({ silent: true });
    await old.checkpoints.acquire(GOING_ON);
    await old.checkpoints.save({ gaps: [] });
    backend.abandon();
    const { checkpoints: replacement } = backend.create();
    await replacement.acquire(GOING_ON);
    await replacement.save(POSITION);

    await expect(old.checkpoints.save({ sinceId: "1", gaps: [] })).rejects.toBeInstanceOf(
      CheckpointLostError,
    );

    expect(old.lost.reason).toBeInstanceOf(CheckpointLostError);
    await expect(old.checkpoints.confirm()).rejects.toBeInstanceOf(CheckpointLostError);
    await old.checkpoints.release();
    await replacement.confirm();
    await replacement.release();
    expect((await backend.create().inspect()).position).toEqual(POSITION);
  });

  it("is not released by an ingester that does not hold it", async () => {
    const { checkpoints: holder } = backend.create();
    await holder.acquire(GOING_ON);
    const { checkpoints: other } = backend.create();

    await other.release();

    await expect(backend.create().checkpoints.acquire(GOING_ON)).rejects.toBeInstanceOf(CheckpointHeldError);
    await holder.release();
  });

  it("can be released twice", async () => {
    const { checkpoints } = backend.create();
    await checkpoints.acquire(GOING_ON);

    await checkpoints.release();

    await expect(checkpoints.release()).resolves.toBeUndefined();
  });

  it("saves nothing that was not acquired", async () => {
    const { checkpoints } = backend.create();

    await expect(checkpoints.save(POSITION)).rejects.toThrow("acquire it first");

    expect(await backend.create().inspect()).toEqual({ position: undefined });
  });

  it("tells who holds it and what is stored, without taking it", async () => {
    const { checkpoints } = backend.create();
    await checkpoints.acquire(GOING_ON);
    await checkpoints.save(POSITION);

    const report = await backend.create().inspect();

    expect(report.position).toEqual(POSITION);
    expect(report.heldBy).toContain(`process ${process.pid} on `);
    expect(Date.parse(report.updatedAt ?? "")).not.toBeNaN();
    await checkpoints.release();
    expect((await backend.create().inspect()).heldBy).toBeUndefined();
  });

  it("keeps the meter for the next ingester, apart from the position", async () => {
    const { checkpoints, meterStore } = backend.create();
    await checkpoints.acquire(GOING_ON);
    expect(await meterStore.load()).toBeUndefined();
    const version = await meterStore.save(METER, undefined);
    await meterStore.save(SPENT, version);
    await checkpoints.save(POSITION);
    await checkpoints.release();

    const next = backend.create({ key: "backfill:cats", meterKey: "search:cats" });
    await next.checkpoints.acquire(GOING_ON);

    expect((await next.meterStore.load())?.state).toEqual(SPENT);
    await next.checkpoints.release();
  });

  it("refuses a meter that was computed from an older version", async () => {
    const { checkpoints, meterStore } = backend.create();
    await checkpoints.acquire(GOING_ON);
    const version = await meterStore.save(METER, undefined);
    await meterStore.save(SPENT, version);

    for (const stale of [version, undefined]) {
      await expect(meterStore.save(METER, stale)).rejects.toBeInstanceOf(MeterConflictError);
    }

    expect((await meterStore.load())?.state).toEqual(SPENT);
    await checkpoints.release();
  });
});
