import { randomUUID } from "node:crypto";
import type { Clock } from "../../support/clock";
import { tooManyConnections } from "./connection-problems";

/** X's name of the endpoint in its list of connections. */
export const ENDPOINT_NAME = "filtered_stream";

/** One connection as X counts it; its client may be gone already. */
export interface CountedConnection {
  readonly id: string;
  readonly clientIp: string;
  readonly connectedMs: number;
  readonly disconnectedMs: number | undefined;
  readonly disconnectReason: string | undefined;
}

/** A connection that has been admitted. */
export interface OpenConnection {
  readonly id: string;
  /** Says that it is over. @param lingerMs how long X counts it nevertheless */
  over(reason: string, lingerMs: number): void;
}

interface Entry {
  readonly id: string;
  readonly clientIp: string;
  readonly connectedMs: number;
  readonly terminate: () => void;
  disconnectedMs: number | undefined;
  disconnectReason: string | undefined;
}

/** The connections of the app: those that count, and those of the past. */
export class Connections {
  private readonly entries: Entry[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly max: number,
  ) {}

  /** @throws XProblem (429) when as many as allowed are counted */
  checkRoom(): void {
    if (this.active().length >= this.max) throw tooManyConnections();
  }

  /**
   * Counts a connection.
   * @param terminate ends it when X, or a client of X's API, ends it
   */
  open(clientIp: string, terminate: () => void): OpenConnection {
    const entry: Entry = {
      id: randomUUID(),
      clientIp,
      connectedMs: this.clock.now(),
      terminate,
      disconnectedMs: undefined,
      disconnectReason: undefined,
    };
    this.entries.push(entry);
    return {
      id: entry.id,
      over: (reason, lingerMs) => {
        if (lingerMs > 0) this.clock.after(lingerMs, () => this.strike(entry, reason));
        else this.strike(entry, reason);
      },
    };
  }

  /** Newest first. */
  list(): readonly CountedConnection[] {
    return this.entries.toReversed();
  }

  /** Those that count, ghosts included. */
  active(): readonly CountedConnection[] {
    return this.list().filter(({ disconnectedMs }) => disconnectedMs === undefined);
  }

  /** Ends a connection, or strikes a ghost off the list. @returns false when there is none with this id */
  terminate(id: string): boolean {
    const entry = this.entries.find((each) => each.id === id && each.disconnectedMs === undefined);
    if (!entry) return false;
    this.strike(entry, "terminated through the connections endpoint");
    entry.terminate();
    return true;
  }

  private strike(entry: Entry, reason: string): void {
    if (entry.disconnectedMs !== undefined) return;
    entry.disconnectedMs = this.clock.now();
    entry.disconnectReason = reason;
  }
}
