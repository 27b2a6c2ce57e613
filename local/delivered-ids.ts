import { lineBatches, listObjects } from "./bucket";

/** `{"id":"123"` at the very beginning of a line; nothing else of the line has to be parsed then. */
const LEADING_ID = /^\{"id":"(\d{1,19})"/;
const LEADING_BYTES = 32;

/** The ids of delivered lines: eight bytes each, so that a million of them fit anywhere. */
export class DeliveredIds {
  private ids = new BigUint64Array(1024);
  private count = 0;
  private sorted = true;
  /** Lines that are no JSON object with an id of digits. */
  unreadableLines = 0;

  /** Adds the id of one line. */
  addLine(line: Buffer): void {
    const id = LEADING_ID.exec(line.toString("latin1", 0, LEADING_BYTES))?.[1] ?? parsedId(line);
    if (id === undefined) this.unreadableLines += 1;
    else this.add(BigInt(id));
  }

  add(id: bigint): void {
    if (this.count === this.ids.length) {
      const larger = new BigUint64Array(this.ids.length * 2);
      larger.set(this.ids);
      this.ids = larger;
    }
    this.ids[this.count] = id;
    this.count += 1;
    this.sorted = false;
  }

  /** All ids added, repeats included. */
  get total(): number {
    return this.count;
  }

  /** Different ids. */
  get distinct(): number {
    const ids = this.inOrder();
    let distinct = 0;
    for (let at = 0; at < ids.length; at += 1) if (at === 0 || ids[at] !== ids[at - 1]) distinct += 1;
    return distinct;
  }

  /** Ids that were added more than once, once for each time beyond the first. */
  repeated(): readonly bigint[] {
    const ids = this.inOrder();
    return [...ids].filter((id, at) => at > 0 && id === ids[at - 1]);
  }

  has(id: bigint): boolean {
    const ids = this.inOrder();
    let low = 0;
    let high = ids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ids[middle] as bigint) < id) low = middle + 1;
      else high = middle;
    }
    return ids[low] === id;
  }

  private inOrder(): BigUint64Array {
    if (!this.sorted) {
      this.ids.subarray(0, this.count).sort();
      this.sorted = true;
    }
    return this.ids.subarray(0, this.count);
  }
}

/**
 * Collects the ids of everything delivered.
 * @param prefix of the objects' keys, for example `tweets/`.
 */
export async function readDeliveredIds(bucketDirectory: string, prefix = ""): Promise<DeliveredIds> {
  const delivered = new DeliveredIds();
  for (const object of await listObjects(bucketDirectory, prefix)) {
    for await (const lines of lineBatches(object)) {
      for (const line of lines) delivered.addLine(line);
    }
  }
  return delivered;
}

function parsedId(line: Buffer): string | undefined {
  try {
    const id = (JSON.parse(line.toString("utf8")) as { id?: unknown } | null)?.id;
    return typeof id === "string" && /^\d{1,19}$/.test(id) ? id : undefined;
  } catch {
    return undefined;
  }
}
