import { streamParts } from "../../../ingester/src/commands/terminal/stream-line";
import type { OpenHoleStatus } from "../../../ingester/src/status/stream/holes";
import { formatPrice } from "../format";
import { DELIVERY_MS, INDEXING_MS, type LiveX } from "./live-x";
import type { StatusReader } from "./status-reader";
import { LISTEN_MS } from "./story";

export interface ScenarioParts {
  readonly x: LiveX;
  readonly status: StatusReader;
  /** Prints a line. */
  readonly say: (text: string) => void;
}

const LOOK_MS = 500;
/** Without a terminal there is no live line: it is printed so often. */
const LINE_MS = 10_000;
/** When the first of these lines comes: something has arrived by then. */
const FIRST_LINE_MS = 3_000;
/** What was written last arrives, is delivered, and is found by search. */
const SETTLE_MS = Math.max(DELIVERY_MS, INDEXING_MS) + 2_000;

/** Plays a disconnection and what follows, and says what happens. */
export class Scenario {
  private readonly startedAt = performance.now();
  private readonly ending = new AbortController();
  private readonly saidHoles = new Set<number>();
  private filled = 0;
  private lineAt = this.startedAt + FIRST_LINE_MS - LINE_MS;

  constructor(private readonly props: ScenarioParts) {}

  say(text: string): void {
    const seconds = Math.floor((performance.now() - this.startedAt) / 1_000);
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    this.props.say(`${time}  ${text}`);
  }

  interrupt(): void {
    this.ending.abort();
  }

  /** For the live line. */
  parts(): readonly string[] {
    const { latest } = this.props.status;
    if (latest?.filteredStream === undefined) return ["Starting"];
    const { spent } = latest.budget ?? {};
    const cost = spent === undefined ? "" : `${formatPrice(spent.posts)} at X's price`;
    return streamParts(latest, latest.filteredStream, cost);
  }

  /** @returns whether it was played to its end */
  async play(): Promise<boolean> {
    const { x } = this.props;
    if (!(await this.until(() => this.stream?.connected === true))) return false;
    this.say("Connected: the rules are X's, and posts come as they are written.");
    x.startWriting();
    if (!(await this.pause(LISTEN_MS))) return false;
    this.say("Now the connection is broken on purpose, and X refuses the next attempt.");
    x.disconnect();
    if (!(await this.until(() => this.stream?.disconnections === 1 && this.stream.connected))) return false;
    this.say("Connected again.");
    if (!(await this.until(() => this.stream?.holesOpen === 0))) return false;
    this.sayHoles();
    this.say("Search has filled every hole. The run ends when the last posts have arrived.");
    x.stopWriting();
    return this.pause(SETTLE_MS);
  }

  private get stream() {
    return this.props.status.latest?.filteredStream;
  }

  private pause(ms: number): Promise<boolean> {
    const endAt = performance.now() + ms;
    return this.until(() => performance.now() >= endAt);
  }

  /** @returns false when the run was interrupted first */
  private async until(holds: () => boolean): Promise<boolean> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      await this.props.status.refresh();
      if (holds()) return true;
      this.sayHoles();
      this.sayLine();
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return false;
  }

  private sayHoles(): void {
    const { open = [], filled = [] } = this.stream?.holes ?? {};
    for (const hole of open) {
      if (this.saidHoles.has(hole.fromMs)) continue;
      this.saidHoles.add(hole.fromMs);
      this.say(describeHole(hole, this.saidHoles.size));
    }
    if (filled.length > this.filled) this.say(`Search has filled hole ${filled.length}.`);
    this.filled = filled.length;
  }

  private sayLine(): void {
    if (process.stdout.isTTY === true || performance.now() - this.lineAt < LINE_MS) return;
    this.lineAt = performance.now();
    this.say(this.parts().join("  "));
  }
}

function describeHole({ fromMs, toMs, searchableAtMs }: OpenHoleStatus, number: number): string {
  const seconds = (ms: number) => `${Math.max(0, Math.round(ms / 1_000))} s`;
  const why =
    number === 1
      ? "posts of the first 10 s may have been written before the connection was made"
      : "from 10 s before the last byte to 10 s after the new connection, because posts reach the stream late";
  return `Hole ${number}, ${seconds(toMs - fromMs)} long: ${why}. Search begins in ${seconds(searchableAtMs - Date.now())}.`;
}
