import { evaluatePrefix, type PrefixContext } from "./prefix";

/** Everything an object's key is made of. */
export interface ObjectKeyParts extends PrefixContext {
  readonly prefix: string;
  readonly streamName: string;
  /** Makes the key unique, and the same again when an interrupted delivery is repeated. */
  readonly uuid: string;
  /** With its dot, for example `.gz`; may be empty. */
  readonly extension: string;
}

/** The stream's configuration version; it rises when a stream is updated, which this one never is. */
const STREAM_VERSION = 1;

/** `<evaluated prefix><stream>-<version>-yyyy-MM-dd-HH-mm-ss-<uuid><extension>`, times in UTC. */
export function objectKey(parts: ObjectKeyParts): string {
  const time = evaluatePrefix("!{timestamp:yyyy-MM-dd-HH-mm-ss}", parts);
  const name = `${parts.streamName}-${STREAM_VERSION}-${time}-${parts.uuid}${parts.extension}`;
  return evaluatePrefix(parts.prefix, parts) + name;
}
