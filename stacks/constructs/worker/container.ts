import { type Problem, problem } from "../checks/check";
import type { HealthCheckProps } from "./props";
import type { SidecarProps } from "./sidecar";

/** The ingester's container. */
export interface WorkerContainerProps {
  /** Unique in the task; begins the names of its log streams. */
  readonly name: string;
  /** Image with an immutable tag or a digest. */
  readonly image: string;
  /** Plain values. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variable name to secret ARN: the value is fetched when the task starts. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Port of health, metrics and status page; 0 = none. */
  readonly httpPort: number;
  /** @default - see `HealthCheckProps` */
  readonly healthCheck?: HealthCheckProps | undefined;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly stopTimeoutSeconds: number;
}

/** Where containers of a task log to. */
export interface ContainerLogs {
  readonly logGroupName: string;
  readonly region: string;
}

/** Not root; the number, because a name would have to be in the image's passwd file. */
const DEFAULT_USER = "1000:1000";

/**
 * The JSON that ECS takes. Lists are sorted by name and no field is set that AWS fills in, so that a plan shows
 * only what changed.
 */
export function containerDefinitions(
  worker: WorkerContainerProps,
  sidecars: readonly SidecarProps[],
  logs: ContainerLogs,
): object[] {
  return [
    { ...renderWorker(worker), ...common(worker.name, logs) },
    ...sidecars.map((sidecar) => ({ ...renderSidecar(sidecar), ...common(sidecar.name, logs) })),
  ];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const MAX_TASK_DEFINITION_BYTES = 64 * 1024;
/** Family, roles, size and platform, generously. */
const AROUND_CONTAINERS_BYTES = 2 * 1024;
/** What all containers of a task may take together, as JSON. */
export const CONTAINERS_MAX_BYTES = MAX_TASK_DEFINITION_BYTES - AROUND_CONTAINERS_BYTES;

/** ECS refuses a task definition that is too large: with many long queries or rules, or with large sidecars. */
export function containerSizeProblems(
  containers: readonly object[],
  environment: WorkerContainerProps["environment"],
): Problem[] {
  const got = bytesOf(containers);
  if (got <= CONTAINERS_MAX_BYTES) return [];
  const allowed = `at most ${CONTAINERS_MAX_BYTES} bytes of JSON in all`;
  return [problem("containers", { allowed, got, fix: `${largest(environment)} ${SHORTEN}` })];
}

const SHORTEN =
  "Shorten queries, rules or variables, or collect some of them in another environment; rules need a token of another X app there.";

function largest(environment: WorkerContainerProps["environment"]): string {
  const [name, bytes] = Object.entries(environment)
    .map(([variable, value]) => [variable, bytesOf(value)] as const)
    .reduce((left, right) => (right[1] > left[1] ? right : left), ["none", 0]);
  return `The ingester's largest variable is ${name} with ${bytes} of them.`;
}

function bytesOf(json: unknown): number {
  return Buffer.byteLength(JSON.stringify(json));
}

function common(name: string, { logGroupName, region }: ContainerLogs) {
  const options = {
    "awslogs-group": logGroupName,
    "awslogs-region": region,
    "awslogs-stream-prefix": name,
  };
  return { name, readonlyRootFilesystem: true, logConfiguration: { logDriver: "awslogs", options } };
}

function renderWorker(props: WorkerContainerProps) {
  return {
    image: props.image,
    essential: true,
    user: DEFAULT_USER,
    stopTimeout: props.stopTimeoutSeconds,
    environment: byName(props.environment).map(([name, value]) => ({ name, value })),
    secrets: byName(props.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
    ...(props.httpPort === 0 ? {} : httpFields(props.httpPort, props.healthCheck ?? {})),
  };
}

function renderSidecar(props: SidecarProps) {
  const environment = byName(props.environment ?? {}).map(([name, value]) => ({ name, value }));
  const portMappings = (props.ports ?? []).map(portMapping);
  return {
    image: props.image,
    essential: props.essential ?? false,
    user: props.user ?? DEFAULT_USER,
    ...(environment.length > 0 ? { environment } : {}),
    ...(portMappings.length > 0 ? { portMappings } : {}),
    ...(props.command ? { command: [...props.command] } : {}),
    ...(props.cpu === undefined ? {} : { cpu: props.cpu }),
    ...(props.memoryMiB === undefined ? {} : { memory: props.memoryMiB }),
  };
}

/** The image holds Node and no curl, so the health check is a request by Node. */
function httpFields(httpPort: number, check: HealthCheckProps) {
  const ask = `fetch("http://127.0.0.1:${httpPort}/healthz").then(r=>process.exit(r.ok?0:1),()=>process.exit(1))`;
  return {
    portMappings: [portMapping(httpPort)],
    healthCheck: {
      command: ["CMD", "node", "-e", ask],
      interval: check.intervalSeconds ?? 30,
      timeout: check.timeoutSeconds ?? 5,
      retries: check.retries ?? 3,
      startPeriod: check.startSeconds ?? 30,
    },
  };
}

/** Host and container port are equal, because a task has its own network interface. */
function portMapping(port: number) {
  return { containerPort: port, hostPort: port, protocol: "tcp" };
}

function byName(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1));
}
