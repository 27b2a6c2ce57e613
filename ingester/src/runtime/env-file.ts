import { statSync } from "node:fs";
import { ConfigError } from "../loop/errors";
import { sentence } from "./words";

/**
 * Adds the variables of a file (`--dotenv`) to process.env with Node's own reader; variables that are set stay.
 * @throws ConfigError when the file cannot be read, or Node is older than 20.12
 */
export function loadEnvFile(path: string): void {
  if (typeof process.loadEnvFile !== "function") {
    const instead = `node --env-file=${path} ingester/dist/main.js ...`;
    throw new ConfigError([`--dotenv needs Node 20.12, this is ${process.version}. Use ${instead} instead.`]);
  }
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) throw new Error("there is no such file");
    if (found.isDirectory() || found.isCharacterDevice()) throw new Error("it is no file");
    process.loadEnvFile(path);
  } catch (cause) {
    throw new ConfigError([`--dotenv ${path} cannot be read: ${sentence((cause as Error).message)}`], {
      cause,
    });
  }
}
