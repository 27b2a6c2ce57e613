import { EventEmitter } from "node:events";
import { listenForStop, type StopSignals } from "../../../src/runtime/endings/signals";

const DEADLINE_MS = 25_000;
/** Time before the deadline that is left for saving and the last log lines. */
const RESERVE_MS = 1_500;

let source: EventEmitter;
let exits: number[];
let signals: StopSignals;

function listen(deadlineMs = DEADLINE_MS): void {
  source = new EventEmitter();
  exits = [];
  signals = listenForStop({ deadlineMs, source, exit: (code) => exits.push(code) });
}

beforeEach(() => {
  jest.useFakeTimers();
  listen();
});

afterEach(() => jest.useRealTimers());

const aborted = () => ({ stop: signals.stop.aborted, abort: signals.abort.aborted });

describe("listenForStop", () => {
  it("asks for nothing before the first signal", () => {
    jest.advanceTimersByTime(10 * DEADLINE_MS);
    expect(aborted()).toEqual({ stop: false, abort: false });
  });

  it.each(["SIGTERM", "SIGINT", "SIGHUP"])("stops reading at %s, and goes on delivering", (signal) => {
    source.emit(signal);
    expect(aborted()).toEqual({ stop: true, abort: false });
    expect(exits).toEqual([]);
  });

  it("gives up delivering shortly before the deadline", () => {
    source.emit("SIGTERM");
    jest.advanceTimersByTime(DEADLINE_MS - RESERVE_MS - 1);
    expect(aborted()).toEqual({ stop: true, abort: false });
    jest.advanceTimersByTime(1);
    expect(aborted()).toEqual({ stop: true, abort: true });
    expect(signals.abort.reason).toMatchObject({ message: "the shutdown deadline" });
  });

  it("leaves half of a short deadline for delivering", () => {
    listen(2_000);
    signals.requestStop();
    jest.advanceTimersByTime(999);
    expect(aborted()).toEqual({ stop: true, abort: false });
    jest.advanceTimersByTime(1);
    expect(aborted()).toEqual({ stop: true, abort: true });
  });

  it("counts the deadline from the first request to stop", () => {
    signals.requestStop();
    jest.advanceTimersByTime(DEADLINE_MS - RESERVE_MS - 1);
    signals.requestStop();
    jest.advanceTimersByTime(1);
    expect(aborted()).toEqual({ stop: true, abort: true });
  });

  it("stops and gives up at once on request, with the reason", () => {
    const reason = new Error("the claim is lost");
    signals.requestAbort(reason);
    expect(aborted()).toEqual({ stop: true, abort: true });
    expect(signals.abort.reason).toBe(reason);
  });
});

describe("a second signal", () => {
  it.each<[string, string, number, boolean]>([
    ["SIGTERM", "SIGTERM", 0, true],
    ["SIGTERM", "SIGTERM", 5_000, true],
    ["SIGTERM", "SIGINT", 0, true],
    ["SIGINT", "SIGTERM", 500, true],
    // One Ctrl-C: the terminal and npm both deliver it.
    ["SIGINT", "SIGINT", 0, false],
    ["SIGINT", "SIGINT", 999, false],
    ["SIGINT", "SIGINT", 1_000, true],
    // The session ends, and takes its terminal away.
    ["SIGTERM", "SIGHUP", 100, false],
    ["SIGHUP", "SIGHUP", 5_000, false],
    ["SIGHUP", "SIGTERM", 100, false],
  ])("after %s, %s within %i ms: leaves at once: %s", (first, second, afterMs, leaves) => {
    source.emit(first);
    jest.advanceTimersByTime(afterMs);
    source.emit(second);
    expect(exits).toEqual(leaves ? [130] : []);
  });

  it("leaves at once at a second Ctrl-C of which each arrives twice", () => {
    for (const atMs of [0, 5, 3_000]) {
      jest.advanceTimersByTime(atMs);
      source.emit("SIGINT");
    }
    expect(exits).toEqual([130]);
  });

  it("is the first one where the process stops by itself", () => {
    signals.requestStop();
    source.emit("SIGTERM");
    expect(exits).toEqual([]);
  });
});
