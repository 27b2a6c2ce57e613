import { capture, type Outcome } from "../image/child";
import { type Container, type ContainerProps, environmentArguments } from "./container";

/** Longer than the ingester's own deadline, so that the engine never has to kill it. */
const STOP_SECONDS = "60";
const OWN_STATUS = 'require("node:fs").readFileSync("/proc/1/status", "utf8").match(/^Uid:\\s+(\\d+)/m)[1]';

/** A container of docker or podman, with as little as Fargate gives it: nothing to write, nothing to gain. */
export class EngineContainer implements Container {
  readonly ended: Promise<Outcome>;

  constructor(private readonly props: ContainerProps) {
    const { engine, image, name } = props;
    const confined = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];
    const variables = environmentArguments(props);
    const args = ["run", "--name", name, "--network", "host", ...confined, ...variables, image];
    this.ended = capture(engine, args);
  }

  async userId(): Promise<number> {
    return Number((await this.exec(["node", "-p", OWN_STATUS])).stdout);
  }

  exec(command: readonly string[]): Promise<Outcome> {
    return capture(this.props.engine, ["exec", this.props.name, ...command]);
  }

  async stop(): Promise<void> {
    await capture(this.props.engine, ["stop", "-t", STOP_SECONDS, this.props.name]);
  }

  async remove(): Promise<void> {
    await capture(this.props.engine, ["rm", "--force", this.props.name]);
  }
}
