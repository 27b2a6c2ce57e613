/** Rules of the filtered stream: their bounds, their identity, and the ingester that owns each. */
import { createHash } from "node:crypto";
import type { RuleSet } from "../../../ledger/stream-state";

/** A rule as the configuration names it. */
export interface StreamRule {
  /** What X matches posts with, without white space that makes no difference: ruleText(). */
  readonly value: string;
  /** Name of the rule in lines and reports; no two rules have the same. */
  readonly tag: string;
}

/** A rule as X lists it. */
export interface ListedRule {
  readonly id: string;
  readonly value: string;
  /** The tag at X. A tag of an ingester's rule contains its owner. */
  readonly tag: string | undefined;
}

/** A rule of the configuration that X matches posts with. */
export interface RuleInForce extends StreamRule {
  readonly id: string;
  /** False where a rule of another owner has the same value: X refuses a second one, and the sync never removes it. */
  readonly owned: boolean;
}

/** docs.x.com, "Filtered stream": rules of an app, and characters of a rule. */
export const MAX_RULES = 1_000;
export const RULE_MAX_CHARACTERS = 1_024;
/** Our own bound: X documents none, and the tag at X contains the owner, too. */
export const TAG_MAX_CHARACTERS = 100;

/** A rule's identity: X refuses a second rule with the same value. White space makes no difference. */
export function ruleText(value: string): string {
  return value.trim().replace(/\s+/g, " ");
}

/** Tags of rules that ingesters have made: `tweets-to-s3:<owner>:<tag>`. */
const PREFIX = "tweets-to-s3";
const READABLE_OWNER = /^[a-zA-Z0-9_.-]{1,64}$/;

/** An owner and the user's own tag. */
export interface OwnedTag {
  readonly owner: string;
  readonly tag: string;
}

/**
 * The owner in the tags of an ingester's rules, by which two ingesters in one app leave each other's rules alone.
 * @param key identity of its coverage; one that is long or has other characters becomes a hash
 */
export function ownerOfKey(key: string): string {
  return READABLE_OWNER.test(key)
    ? key
    : `sha256-${createHash("sha256").update(key).digest("hex").slice(0, 16)}`;
}

/** The tag at X. @example ruleTag({ owner: "tweet_stream", tag: "cats" }) // "tweets-to-s3:tweet_stream:cats" */
export function ruleTag({ owner, tag }: OwnedTag): string {
  return `${PREFIX}:${owner}:${tag}`;
}

/** Undefined for the tag of a rule that no ingester has added. */
export function ownedTagOf(tagAtX: string | undefined): OwnedTag | undefined {
  const [prefix, owner, ...tag] = (tagAtX ?? "").split(":");
  if (prefix !== PREFIX || owner === undefined || tag.length === 0) return undefined;
  return { owner, tag: tag.join(":") };
}

/** A short name of a rule in the ledger: 12 digits of SHA-256 of its value. */
export function referenceOf(value: string): string {
  return createHash("sha256").update(value).digest("hex").slice(0, 12);
}

/** @param rules references, in their order */
export function ruleSetOf(rules: readonly string[]): RuleSet {
  return { id: referenceOf(rules.join(" ")), rules };
}
