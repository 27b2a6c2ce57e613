import { jsonDocument } from "./json-document";

/** A container beside, or being, the ingester; only fields that AWS keeps as given. */
export interface ContainerProps {
  readonly name: string;
  /** Image with an immutable tag or a digest. */
  readonly image: string;
  /** Plain values. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variable name to secret ARN: the value is fetched when the task starts. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Port of health, metrics and status page; 0 = none. */
  readonly httpPort: number;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly stopTimeoutSeconds: number;
  readonly logGroupName: string;
  readonly region: string;
  /**
   * User and group that the process runs as, by number.
   * @default "1000:1000"
   */
  readonly user?: string;
}

/** The JSON that ECS takes; lists are sorted by name, so that a plan shows only what changed. */
export function containerDefinitions(containers: readonly ContainerProps[]): string {
  return jsonDocument(containers.map(renderContainer));
}

function renderContainer(props: ContainerProps) {
  return {
    name: props.name,
    image: props.image,
    essential: true,
    user: props.user ?? "1000:1000",
    readonlyRootFilesystem: true,
    stopTimeout: props.stopTimeoutSeconds,
    environment: sortedByName(props.environment).map(([name, value]) => ({ name, value })),
    secrets: sortedByName(props.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
    ...(props.httpPort === 0 ? {} : httpFields(props.httpPort)),
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": props.logGroupName,
        "awslogs-region": props.region,
        "awslogs-stream-prefix": props.name,
      },
    },
  };
}

/** The image holds Node and no curl, so Node asks itself whether it is well. */
function httpFields(httpPort: number) {
  const ask = `fetch("http://127.0.0.1:${httpPort}/healthz").then(r=>process.exit(r.ok?0:1),()=>process.exit(1))`;
  return {
    portMappings: [{ containerPort: httpPort, hostPort: httpPort, protocol: "tcp" }],
    healthCheck: {
      command: ["CMD", "node", "-e", ask],
      interval: 30,
      timeout: 5,
      retries: 3,
      startPeriod: 30,
    },
  };
}

function sortedByName(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1));
}
