/** Which keys of the ledger, and which lines of the bucket, are about the same query. Pure. */
import { type Contents, STREAM_NAME, UNKNOWN_NAME } from "../../bucket/contents";
import { normalized } from "../../bucket/entry";
import { defaultKey } from "../../config/queries";
import type { Coverage } from "../../ledger/coverage";
import { dayRecords } from "../../ledger/days";
import type { Ledger } from "../../ledger/ledger";

export class Names {
  readonly all: readonly string[];
  readonly elsewhere: readonly string[];
  private readonly names = new Map<string, string>();

  constructor(ledger: Ledger, contents: Contents | undefined, streamName: string | undefined) {
    const inBucket = [...(contents?.days.values() ?? [])].flatMap((groups) => [...groups.keys()]);
    const known = new Map(ledger.coverage.map((one) => [one.key, one]));
    const keys = [...new Set([...known.keys(), ...dayRecords(ledger.days).map(({ key }) => key)])];
    const elsewhere: string[] = [];
    for (const key of keys) {
      const name = nameOf(key, known.get(key), inBucket);
      if (streamName !== undefined && isOfAnother(key, name, streamName)) elsewhere.push(key);
      else this.names.set(key, name);
    }
    const all = new Set([...this.names.values(), ...inBucket.filter((name) => name !== UNKNOWN_NAME)]);
    this.all = [...all].sort();
    this.elsewhere = elsewhere;
  }

  keysOf(name: string): readonly string[] {
    return [...this.names].flatMap(([key, own]) => (own === name ? [key] : []));
  }
}

function nameOf(key: string, coverage: Coverage | undefined, inBucket: readonly string[]): string {
  if (coverage !== undefined) return coverage.stream === undefined ? normalized(coverage.query) : STREAM_NAME;
  // A coverage that was removed (coverage --forget) has left its key alone.
  const [stream = ""] = key.split("/");
  const rest = key.slice(stream.length + 1);
  return inBucket.find((query) => defaultKey(stream, query) === key) ?? (rest === "" ? key : rest);
}

/** A key of CHECKPOINT_KEY names no stream. */
function isOfAnother(key: string, name: string, streamName: string): boolean {
  const [stream = ""] = key.split("/");
  return stream !== streamName && defaultKey(stream, name) === key;
}
