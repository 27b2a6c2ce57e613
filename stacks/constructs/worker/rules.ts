import { Token } from "cdktf";
import { boundProblems, type Problem, problem, under } from "../checks/check";
import { timeZoneProblems } from "../checks/time-zone";
import { type RunProps, WORKER_CONTAINER, type WorkerSizeProps } from "./props";
import type { SidecarProps } from "./sidecar";

/**
 * Memory in MiB that Fargate sells with each CPU size: from, to, step.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
const MEMORY_BY_CPU: Readonly<Record<number, readonly [number, number, number]>> = {
  256: [512, 2048, 512],
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16_384, 1024],
  4096: [8192, 30_720, 1024],
  8192: [16_384, 61_440, 4096],
  16384: [32_768, 122_880, 8192],
};
/** The smallest size skips this step. */
const NOT_SOLD = { cpu: 256, memoryMiB: 1536 };

/** What rules look at; a check of an environment file leaves out what is wrong by itself. */
type Checked = Partial<WorkerSizeProps> & { readonly httpPort?: number };

/** What Fargate would refuse, or accept and misbehave. */
export function workerProblems(props: Checked): Problem[] {
  const { healthCheck = {}, sidecars = [] } = props;
  return [
    ...boundProblems("taskCpu", "cpu", props.cpu),
    ...memoryProblems(props),
    ...boundProblems("cpuArchitecture", "cpuArchitecture", props.cpuArchitecture),
    ...boundProblems("capacity", "capacity", props.capacity),
    ...boundProblems("containerInsights", "containerInsights", props.containerInsights),
    ...boundProblems("ephemeralStorageGiB", "ephemeralStorageGiB", props.ephemeralStorageGiB),
    ...boundProblems("stopTimeoutSeconds", "stopTimeoutSeconds", props.stopTimeoutSeconds),
    ...boundProblems("httpPort", "httpPort", props.httpPort),
    ...boundProblems(
      "healthCheckIntervalSeconds",
      "healthCheck.intervalSeconds",
      healthCheck.intervalSeconds,
    ),
    ...boundProblems("healthCheckTimeoutSeconds", "healthCheck.timeoutSeconds", healthCheck.timeoutSeconds),
    ...boundProblems("healthCheckRetries", "healthCheck.retries", healthCheck.retries),
    ...boundProblems("healthCheckStartSeconds", "healthCheck.startSeconds", healthCheck.startSeconds),
    ...under("run", runProblems(props.run)),
    ...sidecars.flatMap((sidecar, index) => under(`sidecars.${index}`, sidecarProblems(sidecar))),
    ...sharedProblems(props),
  ];
}

function memoryProblems({ cpu = 0, memoryMiB }: Checked): Problem[] {
  const sizes = MEMORY_BY_CPU[cpu];
  if (!sizes || memoryMiB === undefined || Token.isUnresolved(memoryMiB)) return [];
  const [from, to, step] = sizes;
  const fits = memoryMiB >= from && memoryMiB <= to && (memoryMiB - from) % step === 0;
  const skipped = cpu === NOT_SOLD.cpu && memoryMiB === NOT_SOLD.memoryMiB;
  if (fits && !skipped) return [];
  const allowed =
    cpu === NOT_SOLD.cpu
      ? "512, 1024 or 2048 with cpu 256"
      : `${from} to ${to} in steps of ${step} with cpu ${cpu}`;
  return [problem("memoryMiB", { allowed, got: memoryMiB, fix: "Fargate sells CPU and memory in pairs." })];
}

function runProblems(run: RunProps | undefined): Problem[] {
  if (run === undefined) return [];
  if (run.mode === "service") return boundProblems("desiredCount", "desiredCount", run.desiredCount);
  return [
    ...boundProblems("scheduleExpression", "expression", run.expression),
    ...timeZoneProblems("timeZone", run.timeZone),
  ];
}

function sidecarProblems({ image, ports = [] }: SidecarProps): Problem[] {
  const pinned = /(:[^/:]+|@sha256:[0-9a-f]{64})$/.test(image) && !image.endsWith(":latest");
  return [
    ...(pinned
      ? []
      : [
          problem("image", {
            allowed: "an image with a fixed tag or a digest",
            got: image,
            fix: "Untagged means latest, which moves.",
          }),
        ]),
    ...ports.flatMap((port, index) => boundProblems("sidecarPort", `ports.${index}`, port)),
  ];
}

const SHARED = "Containers of a task share its size and its network.";

function sharedProblems(props: Checked): Problem[] {
  return [...sizeProblems(props), ...portProblems(props), ...nameProblems(props)];
}

function sizeProblems({ cpu = Infinity, memoryMiB = Infinity, sidecars = [] }: Checked): Problem[] {
  if (Token.isUnresolved(cpu) || Token.isUnresolved(memoryMiB)) return [];
  const reservedCpu = sidecars.reduce((total, sidecar) => total + (sidecar.cpu ?? 0), 0);
  const largest = Math.max(0, ...sidecars.map((sidecar) => sidecar.memoryMiB ?? 0));
  return [
    ...(reservedCpu > cpu
      ? [
          problem("sidecars", {
            allowed: `given ${cpu} CPU units in all, the task's`,
            got: reservedCpu,
            fix: SHARED,
          }),
        ]
      : []),
    ...(largest > memoryMiB
      ? [
          problem("sidecars", {
            allowed: `given at most ${memoryMiB} MiB each, the task's`,
            got: largest,
            fix: SHARED,
          }),
        ]
      : []),
  ];
}

function portProblems({ httpPort, sidecars = [] }: Checked): Problem[] {
  const ports = [...(httpPort ? [httpPort] : []), ...sidecars.flatMap((sidecar) => sidecar.ports ?? [])];
  return repeated(ports).map((got) =>
    problem("sidecars", { allowed: "on ports of their own", got, fix: SHARED }),
  );
}

function nameProblems({ sidecars = [] }: Checked): Problem[] {
  const names = [WORKER_CONTAINER, ...sidecars.map(({ name }) => name)];
  return repeated(names).map((got) =>
    problem("sidecars", { allowed: "named differently", got, fix: "Rename one." }),
  );
}

function repeated<T>(values: readonly T[]): T[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
