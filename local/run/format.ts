/** Numbers as a person reads them, the same on every machine. */

/** X's price for one post read, pay per use (August 2026). @see https://docs.x.com/x-api/getting-started/pricing */
export const POST_PRICE_USD = 0.005;

/** `12345` as `12,345`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** `1 post`, `2 posts`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Bytes in kB or MB of 1,000. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(0)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** What reading so many posts costs at X. */
export function formatPrice(posts: number): string {
  return `$${(posts * POST_PRICE_USD).toFixed(2)}`;
}
