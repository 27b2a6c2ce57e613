import { type ChildProcess, spawn } from "node:child_process";
import { BUNDLE } from "../../local/support/image-layout";
import type { Emulator } from "./emulator";

const ECS = "AmazonEC2ContainerServiceV20141113";

interface TaskDefinition {
  readonly containerDefinitions: readonly {
    readonly environment: readonly { readonly name: string; readonly value: string }[];
    readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
  }[];
}

/** What ECS would start the container with: its plain variables, and the secrets fetched by the ARNs given there. */
export async function deployedEnvironment(
  service: string,
  emulator: Emulator,
): Promise<Record<string, string>> {
  const [container] = (await deployedTask(service, emulator)).containerDefinitions;
  const plain = container?.environment.map(({ name, value }) => [name, value] as const) ?? [];
  const secrets = container?.secrets.map(async ({ name, valueFrom }) => {
    const target = "secretsmanager.GetSecretValue";
    const answer = await emulator.json<Secret>("secretsmanager", target, { SecretId: valueFrom });
    return [name, answer.SecretString] as const;
  });
  return Object.fromEntries([...plain, ...(await Promise.all(secrets ?? []))]);
}

interface Secret {
  readonly SecretString: string;
}

async function deployedTask(service: string, emulator: Emulator): Promise<TaskDefinition> {
  const { services } = await emulator.json<{ services: { taskDefinition: string }[] }>(
    "ecs",
    `${ECS}.DescribeServices`,
    { cluster: service, services: [service] },
  );
  const { taskDefinition } = await emulator.json<{ taskDefinition: TaskDefinition }>(
    "ecs",
    `${ECS}.DescribeTaskDefinition`,
    { taskDefinition: services[0]?.taskDefinition },
  );
  return taskDefinition;
}

/** The ingester's bundle as a process, the way the container runs it. */
export class IngesterProcess {
  private output = "";
  private readonly child: ChildProcess;
  private readonly exit: Promise<number | null>;

  constructor(environment: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, [BUNDLE, "run"], { env: environment });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.output += chunk.toString("utf8");
      });
    }
    this.exit = new Promise((resolve) => this.child.once("close", resolve));
  }

  /** Resolves when the log holds this event. @throws when the process ends before */
  async until(event: string): Promise<void> {
    const logged = () => this.output.includes(`"event":"${event}"`);
    while (!logged()) {
      if (this.child.exitCode !== null)
        throw new Error(`The ingester ended before ${event}:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Asks it to stop, as ECS does. @returns the exit code */
  stop(): Promise<number | null> {
    this.child.kill("SIGTERM");
    return this.exit;
  }
}
