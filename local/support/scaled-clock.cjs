// Loaded before a program (NODE_OPTIONS=--require): its time runs faster, so that minutes pass in seconds. SCALED_CLOCK is
// "factor,anchor,start" as ScaledClock writes it: how fast, when it began by the machine's clock, and at which time.
const timers = require("node:timers");
const promises = require("node:timers/promises");
const { syncBuiltinESMExports } = require("node:module");
const { promisify } = require("node:util");

const [factor, anchorMs, startMs] = process.env.SCALED_CLOCK.split(",").map(Number);

const MachineDate = Date;
const machineNow = Date.now;
const now = () => Math.floor(startMs + (machineNow() - anchorMs) * factor);
globalThis.Date = new Proxy(MachineDate, {
  apply: () => new MachineDate(now()).toString(),
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});

const elapsed = performance.now.bind(performance);
performance.now = () => elapsed() * factor;

for (const name of ["setTimeout", "setInterval"]) {
  const start = timers[name];
  const scaled = (action, ms, ...args) => start(action, ms / factor, ...args);
  timers[name] = globalThis[name] = scaled;
}
const pause = promises.setTimeout;
promises.setTimeout = (ms, ...rest) => pause(ms / factor, ...rest);
timers.setTimeout[promisify.custom] = promises.setTimeout;

const timeout = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (ms) => timeout(Math.ceil(ms / factor));

syncBuiltinESMExports();
