/** Where delivered objects lie: a bucket of S3, or a folder that stands for one. */

export interface BucketObject {
  /** With slashes, relative to the bucket. */
  readonly key: string;
  /** As stored. */
  readonly bytes: number;
}

export interface Bucket {
  /** As it was named, for messages. */
  readonly name: string;
  /**
   * Objects whose key begins with the prefix.
   * @param after keys that sort up to it are left out. @default - none
   */
  list(prefix: string, after?: string): AsyncIterable<BucketObject>;
  /** The bytes of an object, as stored. */
  read(object: BucketObject): AsyncIterable<Uint8Array>;
  /** The bytes from `start` to `end`, exclusive. */
  slice(object: BucketObject, start: number, end: number): Promise<Uint8Array>;
  close(): void;
}
