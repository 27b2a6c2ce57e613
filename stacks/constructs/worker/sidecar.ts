/** A container beside the ingester, such as a metrics or log agent. */
export interface SidecarProps {
  /** Unique in the task; `ingester` is taken. */
  readonly name: string;
  /** With an immutable tag or a digest; from a public registry, or the environment's own repository. */
  readonly image: string;
  /** @default - the image's own command */
  readonly command?: readonly string[];
  /** @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Ports it listens on; host and container port are one on Fargate.
   * @default - none
   */
  readonly ports?: readonly number[];
  /**
   * CPU units reserved for it, out of the task's.
   * @default - none reserved
   */
  readonly cpu?: number;
  /**
   * Memory that it may not exceed, out of the task's.
   * @default - the task's memory
   */
  readonly memoryMiB?: number;
  /**
   * Whether the task stops when it stops.
   * @default false
   */
  readonly essential?: boolean;
  /**
   * User and group by number.
   * @default "1000:1000"
   */
  readonly user?: string;
}
