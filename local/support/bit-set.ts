/** A set of small numbers: one bit each, so that a million posts cost 125 kB. */
export class BitSet {
  private bits = new Uint8Array(1024);
  private count = 0;

  /** How many numbers are in the set. */
  get size(): number {
    return this.count;
  }

  has(index: number): boolean {
    return ((this.bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }

  /** @returns false when it was there already */
  add(index: number): boolean {
    if (this.has(index)) return false;
    if (index >> 3 >= this.bits.length) {
      const larger = new Uint8Array(Math.max(this.bits.length * 2, (index >> 3) + 1));
      larger.set(this.bits);
      this.bits = larger;
    }
    this.bits[index >> 3] = (this.bits[index >> 3] ?? 0) | (1 << (index & 7));
    this.count += 1;
    return true;
  }

  *[Symbol.iterator](): Generator<number> {
    for (let index = 0; index < this.bits.length * 8; index += 1) if (this.has(index)) yield index;
  }
}
