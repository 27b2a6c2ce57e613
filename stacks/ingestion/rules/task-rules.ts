import { Token } from "cdktf";
import { isSound, type Problem, problem } from "../../constructs/checks/check";
import { DEFAULT_STOP_TIMEOUT_SECONDS, type WorkerSizeProps } from "../../constructs/worker/props";
import { type AnyIngesterSettings, DEFAULT_SHUTDOWN_SECONDS } from "../settings";
import { DEFAULT_STREAM_BUFFER_MIB } from "../source";

type Task = Pick<WorkerSizeProps, "memoryMiB" | "run" | "stopTimeoutSeconds">;

/** Problems of a task with its ingester's settings; paths are the worker's. */
export function taskProblems(worker: Task, settings: AnyIngesterSettings): Problem[] {
  return [...stopProblems(worker, settings), ...streamTaskProblems(worker, settings)];
}

/** The ingester must stop by itself before ECS kills it. */
function stopProblems(
  { stopTimeoutSeconds = DEFAULT_STOP_TIMEOUT_SECONDS }: Task,
  { shutdownSeconds = DEFAULT_SHUTDOWN_SECONDS }: AnyIngesterSettings,
): Problem[] {
  if (!isSound("stopTimeoutSeconds", stopTimeoutSeconds) || !isSound("shutdownSeconds", shutdownSeconds)) {
    return [];
  }
  if (shutdownSeconds < stopTimeoutSeconds) return [];
  const allowed = `more than the ingester's shutdownSeconds (${shutdownSeconds})`;
  const fix = STOPS_FIRST;
  return [problem("stopTimeoutSeconds", { allowed, got: stopTimeoutSeconds, fix })];
}

/**
 * Memory of a task per buffered byte: parsed posts take 3.3 times the bytes that X sent, measured with posts of 830
 * bytes, and more for shorter posts; Node's heap is about half of the memory.
 */
const MEMORY_FOR_BUFFER = 8;

function streamTaskProblems({ run, memoryMiB }: Task, { source }: AnyIngesterSettings): Problem[] {
  if (source.mode !== "stream") return [];
  const { bufferMiB = DEFAULT_STREAM_BUFFER_MIB } = source;
  const least = MEMORY_FOR_BUFFER * bufferMiB;
  const isKnown = isSound("streamBufferMiB", bufferMiB) && !Token.isUnresolved(memoryMiB);
  return [
    ...(run?.mode === "schedule"
      ? [
          problem("run.mode", {
            allowed: '"service" where the source is a stream',
            got: run.mode,
            fix: `${NO_END} Set run: { mode: "service" }, or mode: "search".`,
          }),
        ]
      : []),
    ...(isKnown && memoryMiB < least
      ? [
          problem("memoryMiB", {
            allowed: `at least ${least}, ${MEMORY_FOR_BUFFER} times the stream's bufferMiB (${bufferMiB})`,
            got: memoryMiB,
            fix: "Posts that wait for delivery are held in memory, and a full memory ends the task.",
          }),
        ]
      : []),
  ];
}

/** Why a stream is not started by schedule. */
export const NO_END = "A stream has no end at which a task could exit.";

/** Why the ingester must stop before ECS kills it. */
export const STOPS_FIRST = "Else posts in flight are lost.";
