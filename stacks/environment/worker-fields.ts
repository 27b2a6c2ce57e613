import { parseCidr } from "../constructs/network/zone-subnets";
import type { HealthCheckProps, ScheduledRun, ServiceRun } from "../constructs/worker/props";
import { workerProblems } from "../constructs/worker/rules";
import type { SidecarProps } from "../constructs/worker/sidecar";
import type { WorkerConfig } from "./environment";
import {
  type Check,
  flag,
  listOf,
  matching,
  number,
  optional,
  recordOf,
  section,
  text,
  variants,
  withRules,
} from "./field-checks";

const imageReference = matching(
  /^(?!latest$)([A-Za-z0-9_][A-Za-z0-9._-]{0,127}|sha256:[0-9a-f]{64})$/,
  'a tag other than "latest", which moves, or a digest ("sha256:" and 64 hexadecimal digits)',
);
const cidr: Check = (value) =>
  typeof value === "string" && parseCidr(value)?.isNetworkAddress
    ? []
    : matching(/^$/, 'an IPv4 range without host bits, such as "10.0.0.0/16"')(value);

const run = variants("mode", {
  service: section<ServiceRun>({ mode: text, desiredCount: optional(number) }),
  schedule: section<ScheduledRun>({
    mode: text,
    expression: text,
    timeZone: optional(text),
    enabled: optional(flag),
  }),
});

const healthCheck = section<HealthCheckProps>({
  intervalSeconds: optional(number),
  timeoutSeconds: optional(number),
  retries: optional(number),
  startSeconds: optional(number),
});

const sidecar = section<SidecarProps>({
  name: text,
  image: text,
  command: optional(listOf(text)),
  environment: optional(recordOf(text)),
  ports: optional(listOf(number)),
  cpu: optional(number),
  memoryMiB: optional(number),
  essential: optional(flag),
  user: optional(text),
});

const types = section<WorkerConfig>({
  image: imageReference,
  cpu: number,
  memoryMiB: number,
  cpuArchitecture: text,
  capacity: optional(text),
  run: optional(run),
  ephemeralStorageGiB: optional(number),
  stopTimeoutSeconds: optional(number),
  healthCheck: optional(healthCheck),
  statusIngressCidrs: optional(listOf(cidr)),
  containerInsights: optional(text),
  sidecars: optional(listOf(sidecar)),
});

/** Fields of the worker, then what Fargate makes of them. */
export const workerFields = withRules(types, workerProblems);
