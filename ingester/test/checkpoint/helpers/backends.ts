import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDynamoState } from "../../../src/checkpoint/dynamodb";
import { createFileState } from "../../../src/checkpoint/file-state";
import type { CheckpointState } from "../../../src/checkpoint/state";
import { type LocalDynamo, startDynamo } from "./dynamo";

export interface StateRequest {
  readonly key?: string;
  readonly meterKey?: string;
  /** A holder that is not heard of any more, as if its process had been stopped. */
  readonly silent?: boolean;
}

/** One way of keeping state, behind the same tests. Every test gets an empty place. */
export interface Backend {
  start(): Promise<void>;
  stop(): Promise<void>;
  empty(): Promise<void>;
  create(request?: StateRequest): CheckpointState;
  /** Makes the place forget that somebody holds it, so that another one can take over from a silent holder. */
  abandon(): void;
}

export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), "checkpoint-"));
}

export function fileBackend(): Backend {
  let directory = "";
  const file = () => join(directory, "state.json");
  const clear = () => rmSync(directory || "unused", { recursive: true, force: true });
  return {
    start: async () => undefined,
    stop: async () => clear(),
    async empty() {
      clear();
      directory = temporaryDirectory();
    },
    create: ({ key = "search:cats", meterKey = key } = {}) =>
      createFileState({ file: file(), key, meterKey }),
    abandon: () => rmSync(`${file()}.lock`),
  };
}

const LEASE_MS = 1_200;
const NEVER_MS = 1_000_000;

export function dynamoBackend(): Backend {
  let dynamo: LocalDynamo;
  let tables = 0;
  return {
    async start() {
      dynamo = await startDynamo();
    },
    stop: async () => dynamo.close(),
    async empty() {
      tables += 1;
      await dynamo.createTable(`table-${tables}`);
    },
    create: ({ key = "search:cats", meterKey = key, silent = false } = {}) =>
      createDynamoState({
        table: `table-${tables}`,
        key,
        meterKey,
        client: dynamo.client,
        leaseMs: LEASE_MS,
        renewMs: silent ? NEVER_MS : LEASE_MS / 12,
        pollMs: 20,
      }),
    abandon: () => undefined,
  };
}
