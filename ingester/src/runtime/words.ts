/** Numbers and units in messages, one way everywhere. Pure. */

/** 1,234,567; without Intl, whose first use costs a start 10 ms */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 post`, `2 posts`, `2 queries`. */
export function plural(value: number, noun: string, nouns = `${noun}s`): string {
  return `${count(value)} ${Math.round(value) === 1 ? noun : nouns}`;
}

/** `1 record is`, `2 records are`. */
export function pluralIs(value: number, noun: string): string {
  return `${plural(value, noun)} ${Math.round(value) === 1 ? "is" : "are"}`;
}

/** For a column that is aligned to the right: the noun is as wide for one as for many. */
export function column(value: number, noun: string): string {
  return `${count(value)} ${Math.round(value) === 1 ? `${noun} ` : `${noun}s`}`;
}

/** $0.005, $12.30, $1,234.00: sums below a cent keep their digits. */
export function usd(value: number): string {
  const digits = value > 0 && value < 0.01 ? 3 : 2;
  return `$${value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

/** `4 s`, `12 min`, `3 h 20 min`, `2 days`: as exact as it is worth. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return plural(hours / 24, "day");
}

/** Words of another side as a sentence: with a full stop, unless they end with their own. */
export function sentence(text: string): string {
  const trimmed = text.trimEnd();
  return /[.!?\u2026]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
