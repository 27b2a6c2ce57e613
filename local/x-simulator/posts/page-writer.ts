import type { PostGenerator, PostSelection } from "./post-generator";

interface Written {
  readonly indexes: readonly number[];
  readonly selection: PostSelection;
  readonly json: Buffer;
}

/**
 * Writes the posts of a page. X has its posts ready; a simulator that makes them when they are asked for would be
 * part of what a measured client takes. So the page that is likely asked for next can be written ahead, while the
 * client is busy with this one.
 */
export class PageWriter {
  private ahead: Written | undefined;

  constructor(private readonly generator: PostGenerator) {}

  /** The posts of an answer: the bytes of their JSON, with commas between them. */
  write(indexes: readonly number[], selection: PostSelection): Buffer {
    const { ahead } = this;
    return ahead?.selection === selection && isSame(ahead.indexes, indexes)
      ? ahead.json
      : this.make(indexes, selection);
  }

  /** Writes a page that has not been asked for yet, as soon as what is under way has been answered. */
  prepare(indexes: readonly number[], selection: PostSelection): void {
    setImmediate(() => {
      this.ahead = { indexes, selection, json: this.make(indexes, selection) };
    });
  }

  private make(indexes: readonly number[], selection: PostSelection): Buffer {
    return Buffer.from(indexes.map((index) => this.generator.write(index, selection)).join(","));
  }
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((index, at) => index === other[at]);
}
