import type { Outcome } from "../image/child";
import type { EngineName } from "../image/engines";

/** A container to start: the host's network, nothing writable where the engine can forbid it. */
export interface ContainerProps {
  readonly engine: EngineName;
  readonly image: string;
  /** Of the container; nothing else on the machine may have it. */
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A container that was started. */
export interface Container {
  /** Resolves when its process has ended, with everything it printed. */
  readonly ended: Promise<Outcome>;
  /** The user that its process runs as, by number. */
  userId(): Promise<number>;
  /** Runs a command beside its process. */
  exec(command: readonly string[]): Promise<Outcome>;
  /** Sends its process SIGTERM. */
  stop(): Promise<void>;
  /** Removes what is left of it, running or not. */
  remove(): Promise<void>;
}

/** The arguments that set variables. */
export function environmentArguments({ environment }: ContainerProps): readonly string[] {
  return Object.entries(environment).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
}
