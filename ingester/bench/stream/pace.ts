/** How fast the feed sends: rates grow on X, too, so it doubles every second from X's own highest rate on. */
const X_PER_SECOND = 250;

/** Posts that are due after some seconds. */
export function dueAfter(seconds: number, rate: number): number {
  let due = 0;
  let left = seconds;
  for (let current = X_PER_SECOND; current < rate && left > 0; current *= 2) {
    due += current * Math.min(1, left);
    left -= 1;
  }
  return Math.floor(due + rate * Math.max(0, left));
}

/** Seconds until so many posts are due. */
export function secondsFor(posts: number, rate: number): number {
  const growing = Math.max(0, Math.ceil(Math.log2(rate / X_PER_SECOND)));
  const during = dueAfter(growing, rate);
  return growing + Math.max(0, posts - during) / rate;
}
