// Loaded before a program (NODE_OPTIONS=--require): it has the time of a SharedClock in another process. The time is a
// number in a file, SHARED_CLOCK; this process notes beside it, in a file named after its pid, what it has lived to see.
const { openSync, readSync, writeSync } = require("node:fs");
const os = require("node:os");
const { syncBuiltinESMExports } = require("node:module");
const timers = require("node:timers");
const promises = require("node:timers/promises");
const { promisify } = require("node:util");

const LOOK_MS = 3;
const path = process.env.SHARED_CLOCK;
const source = openSync(path, "r");
const buffer = new Float64Array(1);
const bytes = new Uint8Array(buffer.buffer);
const read = () => {
  readSync(source, bytes, 0, 8, 0);
  return buffer[0];
};
const startMs = read();

const MachineDate = Date;
globalThis.Date = new Proxy(MachineDate, {
  apply: () => new MachineDate(read()).toString(),
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [read()] : args, newTarget),
  get: (target, name) => (name === "now" ? read : Reflect.get(target, name)),
});
performance.now = () => read() - startMs;
os.uptime = () => (read() - startMs) / 1_000;

const machineInterval = setInterval;
const machineImmediate = setImmediate;
const waiting = new Set();
let count = 0;

class Timer {
  constructor(action, { ms = 1, repeats = false, args = [] }) {
    this.every = Math.max(1, Number(ms) || 1);
    this.action = () => action(...args);
    this.repeats = repeats;
    this.isRef = true;
    this.id = ++count;
    this.refresh();
  }
  refresh() {
    this.dueMs = read() + this.every;
    waiting.add(this);
    keepAlive();
    return this;
  }
  ref() {
    return this.keep(true);
  }
  unref() {
    return this.keep(false);
  }
  hasRef() {
    return this.isRef;
  }
  close() {
    waiting.delete(this);
    keepAlive();
    return this;
  }
  keep(isRef) {
    this.isRef = isRef;
    keepAlive();
    return this;
  }
  [Symbol.toPrimitive]() {
    return this.id;
  }
}

const looking = machineInterval(look, LOOK_MS);
function keepAlive() {
  for (const timer of waiting) if (timer.isRef) return void looking.ref();
  looking.unref();
}
keepAlive();

let seen = Number.NEGATIVE_INFINITY;
const note = openSync(`${path}.${process.pid}`, "w");
function look() {
  const now = read();
  const due = [...waiting]
    .filter((timer) => timer.dueMs <= now)
    .sort((a, b) => a.dueMs - b.dueMs || a.id - b.id);
  for (const timer of due) {
    if (!waiting.has(timer)) continue;
    if (timer.repeats) timer.dueMs = now + timer.every;
    else waiting.delete(timer);
    timer.action();
  }
  keepAlive();
  if (now === seen) return;
  seen = now;
  // What has arrived on sockets is read in between.
  machineImmediate(() => machineImmediate(() => acknowledge(now)));
}
function acknowledge(now) {
  writeSync(note, new Uint8Array(new Float64Array([now]).buffer), 0, 8, 0);
}

const replacements = {
  setTimeout: (action, ms, ...args) => new Timer(action, { ms, args }),
  setInterval: (action, ms, ...args) => new Timer(action, { ms, args, repeats: true }),
};
for (const name of ["clearTimeout", "clearInterval"]) {
  const clear = timers[name];
  replacements[name] = (timer) => (timer instanceof Timer ? void timer.close() : clear(timer));
}
promises.setTimeout = (ms, value, { signal, ref = true } = {}) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const end = () => {
      timer.close();
      reject(signal.reason);
    };
    const timer = new Timer(
      () => {
        signal?.removeEventListener("abort", end);
        resolve(value);
      },
      { ms },
    );
    if (!ref) timer.unref();
    signal?.addEventListener("abort", end, { once: true });
  });
replacements.setTimeout[promisify.custom] = promises.setTimeout;
Object.assign(timers, replacements);
Object.assign(globalThis, replacements);
AbortSignal.timeout = (ms) => {
  const ending = new AbortController();
  new Timer(() => ending.abort(new DOMException("The operation timed out.", "TimeoutError")), { ms }).unref();
  return ending.signal;
};
syncBuiltinESMExports();
