import { readdirSync, readFileSync } from "node:fs";
import { capture, type Outcome } from "../image/child";
import { type Container, type ContainerProps, environmentArguments } from "./container";

/** In a chroot: the one way to run that needs neither a daemon nor namespaces. Its processes are the host's. */
const RUN = ["run", "--isolation", "chroot"];

/** A container of buildah's, for machines on which nothing else can run one. */
export class BuildahContainer implements Container {
  readonly ended: Promise<Outcome>;
  private runner: number | undefined;

  constructor(
    private readonly props: ContainerProps,
    command: readonly string[],
  ) {
    const args = [...RUN, ...environmentArguments(props), props.name, "--", ...command];
    this.ended = capture("buildah", args, { started: (pid) => (this.runner = pid) });
  }

  async userId(): Promise<number> {
    return Number(status(this.process(), "Uid").split("\t")[0]);
  }

  exec(command: readonly string[]): Promise<Outcome> {
    const variables = environmentArguments(this.props);
    return capture("buildah", [...RUN, ...variables, this.props.name, "--", ...command]);
  }

  async stop(): Promise<void> {
    process.kill(this.process(), "SIGTERM");
  }

  async remove(): Promise<void> {
    const last = this.runner === undefined ? undefined : lastDescendant(this.runner);
    if (last !== undefined) process.kill(last, "SIGKILL");
    await this.ended;
    await capture("buildah", ["rm", this.props.name]);
  }

  /** buildah passes no signals on, so its process is looked up: the end of the chain that buildah started. */
  private process(): number {
    const pid = this.runner === undefined ? undefined : lastDescendant(this.runner);
    if (pid === undefined) throw new Error("The container has no process.");
    return pid;
  }
}

function lastDescendant(ancestor: number): number | undefined {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const parents = new Map(pids.map((pid) => [Number(status(Number(pid), "PPid")), Number(pid)]));
  let last: number | undefined;
  for (let pid = parents.get(ancestor); pid !== undefined; pid = parents.get(pid)) last = pid;
  return last;
}

/** A field of /proc/<pid>/status; empty for a process that has ended meanwhile. */
function status(pid: number, field: string): string {
  try {
    const text = readFileSync(`/proc/${pid}/status`, "utf8");
    return new RegExp(`^${field}:\\s+(.*)$`, "m").exec(text)?.[1] ?? "";
  } catch {
    return "";
  }
}
