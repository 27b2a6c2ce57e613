/** Every way in which X ends a connection, refuses one, or disturbs it, one at a time. */
import type { InStreamFault, StreamFault } from "../../../local/x-simulator/stream/fault-kinds";
import type { StreamScenario } from "./scenario";
import type { StreamStage } from "./stage";

interface Row {
  readonly name: string;
  /** Into the open connection, once it carries posts. */
  readonly injected?: readonly InStreamFault[];
  /** Met by the connections that follow, one each. */
  readonly refused?: readonly StreamFault[];
  /** The connection ends. @default true */
  readonly ends?: boolean;
  readonly x?: StreamScenario["x"];
  /** What else has to be true before the end. */
  readonly check?: (stage: StreamStage) => void;
}

const END: readonly InStreamFault[] = [{ kind: "abort" }];

const ENDS: readonly Row[] = [
  { name: "the connection breaks", injected: END },
  { name: "reset", injected: [{ kind: "abort", reset: true }] },
  { name: "closed by X", injected: [{ kind: "close" }] },
  { name: "silence", injected: [{ kind: "silence" }] },
  ...[1, 2, 40, 300, 100_000].map(
    (atByte): Row => ({
      name: `broken at byte ${atByte === 100_000 ? "last" : atByte} of a record`,
      injected: [{ kind: "cut-record", atByte }],
    }),
  ),
  { name: "operational disconnect", injected: [{ kind: "operational-disconnect", spelling: "upstream" }] },
  {
    name: "operational disconnect, older spelling",
    injected: [{ kind: "operational-disconnect", spelling: "older" }],
  },
  { name: "an error in the stream, and the end", injected: [{ kind: "stream-error", closes: true }] },
];

const REFUSALS: readonly Row[] = [
  { name: "200, then close", refused: [{ kind: "close" }, { kind: "close" }, { kind: "close" }] },
  { name: "connecting is reset", refused: [{ kind: "reset" }, { kind: "reset" }] },
  { name: "no answer to connecting", refused: [{ kind: "hang" }] },
  { name: "503, twice", refused: [{ kind: "server-error" }, { kind: "server-error", status: 500 }] },
  { name: "a page of HTML, status 200", refused: [{ kind: "non-json", status: 200 }] },
  { name: "a page of HTML, status 503", refused: [{ kind: "non-json", status: 503 }] },
  { name: "no body, status 401", refused: [{ kind: "empty-body" }] },
  { name: "a redirect", refused: [{ kind: "redirect" }] },
  { name: "401 for a moment", refused: [{ kind: "unauthorized" }] },
  { name: "429, window used up", refused: [{ kind: "rate-limit-window", resetSeconds: 20 }] },
  { name: "429, connection limit without a connection", refused: [{ kind: "too-many-connections" }] },
  { name: "409, no rules", refused: [{ kind: "no-rules" }] },
  { name: "a field list refused", refused: [{ kind: "rejected-parameter", parameter: "tweet.fields" }] },
  { name: "a slow answer", refused: [{ kind: "slow", milliseconds: 300 }] },
  { name: "compressed with br", refused: [{ kind: "compressed", encoding: "br" }] },
];

/** The connection goes on, or has to be given up by the reader. */
const DISTURBANCES: readonly Row[] = [
  { name: "records twice", injected: [{ kind: "duplicate", records: 20 }], ends: false },
  { name: "single bytes", injected: [{ kind: "split-bytes", records: 10 }], ends: false },
  { name: "bare newlines", injected: [{ kind: "bare-newlines", records: 10 }], ends: false },
  { name: "an unknown message", injected: [{ kind: "unknown-message" }], ends: false },
  {
    name: "a post without an id",
    injected: [{ kind: "unknown-message", message: { data: { text: "hello" }, matching_rules: [] } }],
    ends: false,
  },
  { name: "a line that is no JSON", injected: [{ kind: "raw-line", text: "<html>" }], ends: false },
  {
    name: "held back for 15 s, then all at once",
    injected: [{ kind: "burst", heldMs: 15_000 }],
    ends: false,
  },
  { name: "a post too large for Firehose", injected: [{ kind: "oversize-post" }], ends: false },
  {
    name: "chunks of 50 bytes, slowly",
    injected: [{ kind: "slow-writer", pieceBytes: 200, pauseMs: 100, records: 5 }],
    ends: false,
  },
  { name: "an error in the stream, which goes on", injected: [{ kind: "stream-error" }] },
  {
    name: "posts up to 9 s late and out of order",
    injected: END,
    x: { deliveryDelay: { minMs: 0, maxMs: 9_000 } },
  },
  { name: "rule changes that act late", injected: END, x: { ruleLagMs: 10_000 } },
  { name: "a ghost of the connection", injected: [{ kind: "ghost" }, { kind: "abort" }] },
  { name: "ghosts that go by themselves", injected: END, x: { ghostMs: 30_000 } },
];

export function disconnectionScenarios(): readonly StreamScenario[] {
  return [...ENDS, ...REFUSALS, ...DISTURBANCES].map(scenarioOf);
}

function scenarioOf({ name, injected = [], refused = [], ends = true, x, check }: Row): StreamScenario {
  return {
    name,
    ...(x && { x }),
    async play(stage) {
      await stage.listen();
      await stage.pass(15);
      const { connections } = stage;
      stage.x.stream.faults.enqueue(...refused);
      const sent = refused.length > 0 ? END : injected;
      for (const fault of sent) stage.inject(fault);
      if (ends) {
        await stage.until(
          () => stage.connections > connections && stage.x.stream.faults.report().queued === 0,
        );
        await stage.until(() => stage.x.stream.liveCount === 1);
      }
      check?.(stage);
    },
  };
}
