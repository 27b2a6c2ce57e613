/** What a command may touch besides the network: its environment and its terminal. */
import type { Environment } from "../config/reader";

export interface CommandIo {
  readonly env: Environment;
  /** Writes to stdout. */
  readonly write: (text: string) => void;
  /** Stdout is a terminal that a person watches. */
  readonly isTty: boolean;
}
