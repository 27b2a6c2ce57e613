import { ImageError } from "./image-error";

/** An edit of an environment file. */
export interface PinProps {
  /** For messages. */
  readonly file: string;
  readonly source: string;
  /** What `worker.image` is now. */
  readonly current: string;
  readonly tag: string;
}

/**
 * The environment file with its `worker.image` set to this tag and nothing else changed.
 * @throws ImageError when the value does not stand in the file as a plain string, exactly once.
 */
export function pinImage({ file, source, current, tag }: PinProps): string {
  const value = current.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const field = new RegExp(`\\bimage:(\\s*)(["'])${value}\\2`, "g");
  const found = source.match(field)?.length ?? 0;
  if (found === 1) return source.replace(field, (_, space, quote) => `image:${space}${quote}${tag}${quote}`);
  throw new ImageError(
    `${file} has image: "${current}" ${found} times as a plain string, so it is left as it is. ` +
      `Set worker.image to "${tag}" by hand.`,
  );
}
