import type { FaultCommand, FaultSchedule, FaultShape } from "./fault-plan";
import { UsageError } from "./usage-error";

/**
 * Reads a fault command that came over HTTP.
 * @param kinds every kind the server can inject.
 * @throws UsageError saying what is wrong and what is allowed.
 */
export function parseFaultCommand<Fault extends FaultShape>(
  text: string,
  kinds: readonly string[],
): FaultCommand<Fault> {
  const body = parseObject(text);
  const queue = body.queue === undefined ? undefined : parseFaults<Fault>(body.queue, kinds);
  const schedule = body.schedule === undefined ? undefined : parseSchedule<Fault>(body.schedule, kinds);
  return {
    clear: body.clear === true,
    ...(queue ? { queue } : {}),
    ...(schedule ? { schedule } : {}),
  };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Falls through: text that is not JSON gets the same answer as JSON that is not an object.
  }
  throw new UsageError('The body must be a JSON object such as {"queue":[{"kind":"..."}]}.');
}

function parseFaults<Fault>(value: unknown, kinds: readonly string[]): Fault[] {
  if (!Array.isArray(value)) throw new UsageError("Faults must be a JSON array of objects with a kind.");
  for (const fault of value) {
    const kind = isObject(fault) ? fault.kind : undefined;
    if (typeof kind !== "string" || !kinds.includes(kind)) {
      throw new UsageError(`Unknown fault ${JSON.stringify(fault)}. Allowed kinds: ${kinds.join(", ")}.`);
    }
  }
  return value as Fault[];
}

function parseSchedule<Fault>(value: unknown, kinds: readonly string[]): FaultSchedule<Fault> {
  if (!isObject(value) || typeof value.seed !== "number" || typeof value.share !== "number") {
    throw new UsageError("A schedule needs the numbers seed and share (0 to 1), and faults.");
  }
  return { seed: value.seed, share: value.share, faults: parseFaults<Fault>(value.faults, kinds) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
