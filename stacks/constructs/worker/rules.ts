import { Token } from "cdktf";
import type { AwsLocation } from "../aws/aws-location";
import { statementProblems } from "../aws/policy";
import {
  boundProblems,
  type FieldBounds,
  fieldProblems,
  type Problem,
  problem,
  repeatProblems,
  under,
} from "../checks/check";
import { timeZoneProblems } from "../checks/time-zone";
import { rangeProblems } from "../network/rules";
import { egressProblems } from "./egress";
import { existingWorkerProblems } from "./existing-rules";
import type { CheckedWorker, HealthCheckProps, RunProps } from "./props";
import { sidecarsProblems } from "./sidecar-rules";

/**
 * Memory in MiB that Fargate sells with each CPU size: from, to, step.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
export const MEMORY_BY_CPU: Readonly<Record<number, readonly [from: number, to: number, step: number]>> = {
  256: [512, 2048, 512],
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16_384, 1024],
  4096: [8192, 30_720, 1024],
  8192: [16_384, 61_440, 4096],
  16384: [32_768, 122_880, 8192],
};
/** The smallest size skips this step. */
export const NOT_SOLD = { cpu: 256, memoryMiB: 1536 };

const FIELDS: FieldBounds<CheckedWorker> = {
  cpu: "taskCpu",
  cpuArchitecture: "cpuArchitecture",
  capacity: "capacity",
  containerInsights: "containerInsights",
  ephemeralStorageGiB: "ephemeralStorageGiB",
  stopTimeoutSeconds: "stopTimeoutSeconds",
  httpPort: "httpPort",
};
const HEALTH_CHECK: FieldBounds<HealthCheckProps> = {
  intervalSeconds: "healthCheckIntervalSeconds",
  timeoutSeconds: "healthCheckTimeoutSeconds",
  retries: "healthCheckRetries",
  startSeconds: "healthCheckStartSeconds",
};

/** Problems that Fargate would refuse, or accept with a wrong result. */
export function workerProblems(props: CheckedWorker, location: AwsLocation): Problem[] {
  const { statusIngressCidrs } = props;
  return [
    ...fieldProblems(FIELDS, props),
    ...memoryProblems(props),
    ...under("healthCheck", fieldProblems(HEALTH_CHECK, props.healthCheck)),
    ...under("run", runProblems(props.run)),
    ...rangeProblems("statusIngressCidrs", statusIngressCidrs),
    ...repeatProblems("statusIngressCidrs", statusIngressCidrs),
    ...sidecarsProblems(props),
    ...egressProblems(props.extraEgress),
    ...statementProblems("extraPermissions", props.extraPermissions),
    ...existingWorkerProblems(props, location),
  ];
}

/** Every memory size in MiB that Fargate sells with a CPU size. */
export function memorySizes(cpu: number): number[] {
  const [from, to, step] = MEMORY_BY_CPU[cpu] ?? [0, -1, 1];
  const sizes = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
  return sizes.filter((memoryMiB) => cpu !== NOT_SOLD.cpu || memoryMiB !== NOT_SOLD.memoryMiB);
}

/** Why a pair is refused. */
export const PAIRS = "Fargate sells CPU and memory in pairs.";

function memoryProblems({ cpu = 0, memoryMiB }: CheckedWorker): Problem[] {
  const sizes = MEMORY_BY_CPU[cpu];
  if (!sizes || memoryMiB === undefined || Token.isUnresolved(memoryMiB)) return [];
  if (memorySizes(cpu).includes(memoryMiB)) return [];
  const [from, to, step] = sizes;
  const allowed =
    cpu === NOT_SOLD.cpu
      ? "512, 1024 or 2048 with cpu 256"
      : `${from} to ${to} in steps of ${step} with cpu ${cpu}`;
  return [problem("memoryMiB", { allowed, got: memoryMiB, fix: PAIRS })];
}

function runProblems(run: RunProps | undefined): Problem[] {
  if (run === undefined) return [];
  if (run.mode === "service") return boundProblems("desiredCount", "desiredCount", run.desiredCount);
  return [
    ...boundProblems("scheduleExpression", "expression", run.expression),
    ...timeZoneProblems("timeZone", run.timeZone),
  ];
}
