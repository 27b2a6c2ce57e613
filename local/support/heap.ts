/** A queue that gives out the smallest entry first; equal entries come in the order in which they were added. */
export class Heap<Entry> {
  private readonly entries: { readonly value: Entry; readonly key: number; readonly order: number }[] = [];
  private order = 0;

  /** @param keyOf what entries are sorted by; it must not change while an entry is in the heap. */
  constructor(private readonly keyOf: (entry: Entry) => number) {}

  get size(): number {
    return this.entries.length;
  }

  /** The smallest entry, which stays in the heap. */
  peek(): Entry | undefined {
    return this.entries[0]?.value;
  }

  push(value: Entry): void {
    this.entries.push({ value, key: this.keyOf(value), order: this.order++ });
    this.rise(this.entries.length - 1);
  }

  /** Takes the smallest entry out. */
  pop(): Entry | undefined {
    const first = this.entries[0];
    const last = this.entries.pop();
    if (first !== undefined && last !== undefined && this.entries.length > 0) {
      this.entries[0] = last;
      this.sink(0);
    }
    return first?.value;
  }

  private rise(from: number): void {
    for (let place = from; place > 0; ) {
      const parent = (place - 1) >> 1;
      if (!this.isBefore(place, parent)) return;
      this.swap(place, parent);
      place = parent;
    }
  }

  private sink(from: number): void {
    for (let place = from; ; ) {
      const left = 2 * place + 1;
      const child = this.isBefore(left + 1, left) ? left + 1 : left;
      if (!this.isBefore(child, place)) return;
      this.swap(place, child);
      place = child;
    }
  }

  private isBefore(one: number, other: number): boolean {
    const [a, b] = [this.entries[one], this.entries[other]];
    if (a === undefined || b === undefined) return false;
    return a.key === b.key ? a.order < b.order : a.key < b.key;
  }

  private swap(one: number, other: number): void {
    const [a, b] = [this.entries[one], this.entries[other]];
    if (a === undefined || b === undefined) return;
    this.entries[one] = b;
    this.entries[other] = a;
  }
}
