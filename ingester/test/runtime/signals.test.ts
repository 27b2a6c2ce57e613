import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { listenForStop, type StopSignals } from "../../src/runtime/signals";

const DEADLINE_MS = 25_000;
/** Time before the deadline that is left for saving and the last log lines. */
const RESERVE_MS = 1_500;

let signals: StopSignals;

beforeEach(() => {
  jest.useFakeTimers();
  signals = listenForStop(DEADLINE_MS);
});

afterEach(() => {
  signals.dispose();
  jest.useRealTimers();
});

const aborted = () => ({ stop: signals.stop.aborted, abort: signals.abort.aborted });

describe("listenForStop", () => {
  it("asks for nothing before the first signal", () => {
    jest.advanceTimersByTime(10 * DEADLINE_MS);
    expect(aborted()).toEqual({ stop: false, abort: false });
  });

  it.each(["SIGTERM", "SIGINT"])("stops reading at %s, and goes on delivering", (signal) => {
    process.emit(signal as NodeJS.Signals);
    expect(aborted()).toEqual({ stop: true, abort: false });
  });

  it("gives up delivering shortly before the deadline", () => {
    process.emit("SIGTERM");
    jest.advanceTimersByTime(DEADLINE_MS - RESERVE_MS - 1);
    expect(aborted()).toEqual({ stop: true, abort: false });
    jest.advanceTimersByTime(1);
    expect(aborted()).toEqual({ stop: true, abort: true });
    expect(signals.abort.reason).toMatchObject({ message: "the shutdown deadline" });
  });

  it("leaves half of a short deadline for delivering", () => {
    signals.dispose();
    signals = listenForStop(2_000);
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

  it("neither hears signals nor keeps a deadline once it is disposed of", () => {
    signals.requestStop();
    signals.requestStop();
    signals.dispose();
    jest.advanceTimersByTime(DEADLINE_MS);
    expect(signals.abort.aborted).toBe(false);
    expect([process.listenerCount("SIGTERM"), process.listenerCount("SIGINT")]).toEqual([0, 0]);
  });
});

describe("a second signal", () => {
  it("ends the process at once with exit code 130", async () => {
    jest.useRealTimers();
    const script = `
      require("./ingester/src/runtime/signals.ts").listenForStop(60_000).stop.onabort = () => console.log("stopping");
      setInterval(() => {}, 1_000);
      console.log("listening");`;
    const child = spawn(process.execPath, ["--import", "tsx", "--eval", script], {
      cwd: join(__dirname, "../../.."),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exit = once(child, "exit");
    for (const said of ["listening\n", "stopping\n"]) {
      const [text] = await once(child.stdout, "data");
      expect(String(text)).toBe(said);
      child.kill("SIGTERM");
    }
    expect(await exit).toEqual([130, null]);
  });
});
