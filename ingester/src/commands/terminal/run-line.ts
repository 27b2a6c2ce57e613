/** What the last line of a terminal says of a `run`. Pure. */

import { count, duration, plural, usd } from "../../runtime/words";
import type { LimitStatus } from "../../status/budget-status";
import type { Status } from "../../status/status";
import { streamParts } from "./stream-line";

/** Posts that were read by a time. */
interface Sample {
  readonly atMs: number;
  readonly posts: number;
}

const RATE_MS = 60_000;

export class RunLine {
  private samples: readonly Sample[] = [];

  /** @param maxPosts of this run; undefined: not capped */
  constructor(private readonly maxPosts: number | undefined) {}

  /** The parts, the most important first. @param fill what the rest of the holes of the start takes; undefined: not known */
  parts(status: Status, fill: string | undefined): readonly string[] {
    const { counts, nowMs, budget, lagSeconds, nextPollMs, phase, filteredStream } = status;
    const spent = budget === undefined ? "" : money(budget.spent.usd, budget.limits);
    if (filteredStream !== undefined) return streamParts(status, filteredStream, spent);
    const posts = counts.postsRead;
    this.samples = [...this.samples.filter(({ atMs }) => nowMs - atMs <= RATE_MS), { atMs: nowMs, posts }];
    const of = this.maxPosts === undefined ? "" : ` of ${count(this.maxPosts)}`;
    return [
      describeState(status),
      of === "" ? plural(posts, "post") : `${count(posts)}${of} posts`,
      `${count(this.perMinute(nowMs, posts))}/min`,
      spent,
      phase.kind === "reading" ? (fill ?? "") : "",
      lagSeconds === undefined ? "" : `lag ${duration(lagSeconds * 1_000)}`,
      nextPollMs === undefined ? "" : `next poll in ${duration(Math.max(0, nextPollMs - nowMs))}`,
    ].filter((part) => part !== "");
  }

  private perMinute(nowMs: number, posts: number): number {
    const first = this.samples[0];
    if (first === undefined || nowMs - first.atMs < 1_000) return 0;
    return ((posts - first.posts) * 60_000) / (nowMs - first.atMs);
  }
}

/** Nothing while it reads: the figures say so. */
function describeState({ phase, headline, nowMs }: Status): string {
  switch (phase.kind) {
    case "reading":
      return "";
    case "waiting_for_x":
      return phase.untilMs > nowMs
        ? `Waiting for X, ${duration(phase.untilMs - nowMs)} left`
        : "Asking X again";
    case "paused_at_limit":
      return `Paused at ${phase.limit}`;
    default:
      return headline;
  }
}

/** Spent in the billing cycle, and left of the limit that ends first. */
function money(spent: number, limits: readonly LimitStatus[]): string {
  const share = ({ used, allowed }: LimitStatus) => used / Math.max(1, allowed);
  const [tightest] = [...limits].sort((a, b) => share(b) - share(a));
  if (tightest === undefined) return `${usd(spent)} spent`;
  const left = tightest.unit === "usd" ? usd(tightest.left) : plural(tightest.left, "post");
  return `${usd(spent)} spent, ${left} left`;
}
