/**
 * Filling the holes of a stream by search: the oldest hole first, rule by rule, each from its top. A post that several
 * rules match, or that the stream has brought too, is delivered once.
 */

import { type Coverage, withClaims } from "../../ledger/coverage";
import { type Interval, isWithin } from "../../ledger/intervals";
import { coverageOf, type Ledger, withCoverage } from "../../ledger/ledger";
import { withoutRisksIn } from "../../ledger/risks";
import { holeToFill, type Searched, withGrowthApart, withSearched } from "../../ledger/stream";
import type { SkipReason, StreamHole } from "../../ledger/stream-state";
import { MAX_ID } from "../../posts/ids";
import { linesOf } from "../../posts/page-lines";
import type { PostLine } from "../../posts/post";
import type { RecentIds } from "../../posts/recent-ids";
import type { Observer } from "../events";
import type { Plan, ReadPage, Subject, Turn } from "../plan";
import type { NamedRule, Page, PostSource } from "../ports";

/** Why search is not asked for a rule; `text` is a phrase for a message. */
export interface Skip {
  readonly why: SkipReason;
  readonly text: string;
}

/** A rule's posts by search. */
export interface RuleSource extends PostSource {
  /** Undefined as long as search can be asked for it. */
  readonly skipped: Skip | undefined;
}

export interface FillOptions {
  readonly key: string;
  readonly fence: number;
  /** Of the configuration; rules that are not in it any more are in the ledger. */
  readonly rules: readonly NamedRule[];
  /** X's id of a rule that is in force. */
  readonly idOf: (rule: string) => string | undefined;
  /** Of a rule's value; undefined: it is not known any more. */
  readonly sourceOf: (value: string | undefined) => RuleSource;
  readonly delivered: RecentIds;
  /** X charges a post once per UTC day. */
  readonly deduplicates: boolean;
  readonly observe: Observer;
}

/** How often the ledger is looked at for another hole. */
const LOOK_MS = 5_000;
/** Pause after pages that brought nothing new, and how many of them end the search for a rule. */
const STALL_MS = 60_000;
const MAX_STALLS = 3;
/** Sources keep the token of the page that follows; holes need one at a time. */
const MAX_SOURCES = 8;

export class FillPlan implements Plan {
  readonly givenUp = undefined;
  private readonly sources = new Map<string, RuleSource>();
  private stalls = 0;
  private notBeforeMs = 0;
  /** Top of the hole that was filled last; undefined before the first look. */
  private filledThrough: string | undefined;

  constructor(private readonly options: FillOptions) {}

  choose(ledger: Ledger, nowMs: number): Turn | undefined {
    const coverage = coverageOf(ledger, this.options.key);
    if (coverage === undefined) return undefined;
    this.noteFilled(coverage);
    if (nowMs < this.notBeforeMs) return undefined;
    const next = holeToFill(coverage, nowMs);
    return next && { task: this.subjectOf(coverage, next.rule), hole: next.left };
  }

  linesOf({ task, asked, page }: ReadPage, ledger: Ledger): readonly PostLine[] {
    const { delivered, idOf } = this.options;
    const coverage = coverageOf(ledger, task.key);
    const rule = task.part === undefined ? undefined : this.textOf(coverage, task.part);
    const id = rule && idOf(rule.rule);
    const matchingRules = rule && [{ ...(id !== undefined && { id }), tag: rule.tag }];
    const isOwned = (postId: string) => (coverage?.owned ?? []).some((piece) => isWithin(piece, postId));
    return linesOf(
      page,
      (post) => !delivered.has(post.id) && (isWithin(asked, post.id) || !isOwned(post.id)),
    ).map((line) => (matchingRules === undefined ? line : { ...line, matchingRules }));
  }

  advanced(ledger: Ledger, read: ReadPage, nowMs: number): Ledger {
    const { key, fence } = this.options;
    const before = coverageOf(ledger, key);
    const coverage = before && withGrowthApart(before, read.hole);
    const hole = coverage && holeOf(coverage, read);
    if (coverage === undefined || hole === undefined) return ledger;
    const next = this.searched(read).reduce(
      (sum, searched) => withSearched(sum, { hole: holeOf(sum, read) ?? hole, searched, nowMs }),
      coverage,
    );
    const range = { after: next.start ?? "0", through: MAX_ID };
    const written = withCoverage(ledger, withClaims(next, fence, { range, archive: false }));
    const interval = this.bought(next, hole);
    if (interval === undefined) return written;
    return { ...written, budget: withoutRisksIn(written.budget, { key, interval, nowMs }) };
  }

  done({ task, hole, page }: ReadPage, nowMs: number): void {
    for (const { id } of page.fresh) this.options.delivered.add(id);
    this.stalls = page.stalled === undefined ? 0 : this.stalls + 1;
    this.notBeforeMs = this.stalls === 0 ? 0 : nowMs + STALL_MS;
    const skip = this.skipOf(task, page);
    if (skip !== undefined) {
      this.options.observe({
        type: "rule_skipped",
        key: task.key,
        rule: task.query,
        reason: skip.text,
        hole,
      });
    }
  }

  isCaughtUp(): boolean {
    return false;
  }

  postponedUntilMs(): number | undefined {
    return this.stalls === 0 ? undefined : this.notBeforeMs;
  }

  waitMs(): number {
    return LOOK_MS;
  }

  private noteFilled({ key, stream }: Coverage): void {
    const latest = stream?.bySearch.at(-1);
    const isNew = latest !== undefined && latest.through !== this.filledThrough;
    if (isNew && this.filledThrough !== undefined) {
      const { rules, skipped, ...hole } = latest;
      this.options.observe({ type: "hole_filled", key, hole, rules, skipped });
    }
    this.filledThrough = latest?.through ?? "0";
  }

  /** What a page says about the hole, in the order in which it is written down. */
  private searched({ task, page }: ReadPage): readonly Searched[] {
    const skip = this.skipOf(task, page);
    if (skip !== undefined) return [{ type: "skipped", rule: { rule: task.part ?? "", why: skip.why } }];
    const { lost, covers, filled } = page;
    const known: readonly Searched[] = lost === undefined ? [] : [{ type: "lost", lost }];
    if (filled) return [...known, { type: "all" }];
    return covers === undefined ? known : [...known, { type: "part", downTo: covers.after }];
  }

  /** What has been read for all rules of a hole that is filled. Posts of a rule that was skipped may have been billed unread. */
  private bought({ stream }: Coverage, { through }: StreamHole): Interval | undefined {
    const filled = stream?.bySearch.at(-1);
    const isRead = filled?.through === through && filled.skipped === 0;
    return isRead && this.options.deduplicates ? filled : undefined;
  }

  private skipOf({ source }: Subject, { stalled }: Page): Skip | undefined {
    const { skipped } = source as RuleSource;
    if (skipped !== undefined || this.stalls < MAX_STALLS) return skipped;
    return { why: "no_progress", text: stalled ?? "X returns the same posts again" };
  }

  private subjectOf(coverage: Coverage, rule: string): Subject {
    const text = this.textOf(coverage, rule);
    const query = text?.value ?? `a rule that is not known any more (${rule})`;
    return { key: this.options.key, part: rule, query, source: this.sourceFor(rule, text?.value) };
  }

  private textOf(coverage: Coverage | undefined, rule: string): NamedRule | undefined {
    const texts = [...this.options.rules, ...(coverage?.stream?.texts ?? [])];
    return texts.find((text) => text.rule === rule);
  }

  private sourceFor(rule: string, value: string | undefined): RuleSource {
    const known = this.sources.get(rule);
    if (known !== undefined) return known;
    const [oldest] = this.sources.keys();
    if (oldest !== undefined && this.sources.size >= MAX_SOURCES) this.sources.delete(oldest);
    const source = this.options.sourceOf(value);
    this.sources.set(rule, source);
    return source;
  }
}

/** The hole that the turn reads; what X has forgotten of it may be gone from its beginning. */
function holeOf({ stream }: Coverage, { hole }: ReadPage): StreamHole | undefined {
  return stream?.holes.find(({ after, through }) => isWithin({ after, through }, hole.through));
}
