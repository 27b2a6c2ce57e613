/** Events that mean trouble: in a sentence, with what they mean for the person who is responsible. */

import type { Loss } from "../ledger/coverage";
import { describeInterval } from "../ledger/intervals";
import type { LimitUse } from "../ledger/limits";
import { usedOf } from "../ledger/limits";
import { toUsd } from "../ledger/prices";
import type { CollectEvent } from "../loop/events";
import { isId, timeOfId } from "../posts/ids";
import { awsFailureOf } from "../runtime/failures";
import { count, plural, sentence, usd } from "../runtime/words";
import { LOSS_WORDS } from "./stretches";

/** Sections of docs/runbook.md that the page names. */
export const RUNBOOK_SECTIONS = [
  "budget-80",
  "budget-100",
  "dead-letters",
  "disconnected",
  "holes-stay-open",
  "no-posts",
  "reconnect-waits",
  "stream-throttled",
  "task-not-running",
] as const;
export type RunbookSection = (typeof RUNBOOK_SECTIONS)[number];

/** What a person should do, in sentences. */
export interface Action {
  readonly text: string;
  /** Section of docs/runbook.md; absent where none fits. */
  readonly runbook?: RunbookSection;
}

export interface Meaning {
  readonly text: string;
  /** It does not end by itself. */
  readonly isLasting: boolean;
  /** Absent where the runbook has no section for it. */
  readonly runbook?: RunbookSection;
}

/** What is known of a delivery that failed. */
export type FailedDelivery = Pick<
  Extract<CollectEvent, { readonly type: "delivery_retrying" }>,
  "code" | "action" | "needsPerson"
>;

export interface Trouble extends Meaning {
  /** What happened, as a sentence. */
  readonly message: string;
}

/** An event that means trouble; undefined for all others. Reaching a limit is no trouble: it is obeyed. */
export function troubleOf(event: CollectEvent): Trouble | undefined {
  switch (event.type) {
    case "source_waiting":
      return { ...meaningOfWait(event.reason), message: event.message };
    case "delivery_retrying": {
      const records = plural(event.records, "record");
      const message = `Delivery of ${records} failed with ${event.code}: ${sentence(event.message)} Attempt ${count(event.attempt + 1)} follows.`;
      return { ...meaningOfDelivery(event), message };
    }
    case "store_retrying":
      return { ...STORE_FAILING, message: event.message };
    case "loss_recorded":
      return { ...LOST, message: describeLoss(event.loss) };
    case "dead_letter": {
      if (event.reason === "no_id")
        return { ...NO_ID, message: `X sent a post without a valid id; it was delivered as ${event.id}.` };
      const message = `Post ${event.id} of ${timeOfPost(event.id)} (${plural(event.bytes, "byte")}) was delivered incomplete: ${event.reason}.`;
      return { ...DEAD_LETTER, message };
    }
    default:
      return undefined;
  }
}

function describeLoss(loss: Loss): string {
  const { after, through, reason } = loss;
  return `Posts from ${describeInterval(loss)} (ids ${after} to ${through}) can no longer be read: ${LOSS_WORDS[reason]}.`;
}

/**
 * Where a limit stands, such as "$20.00 of $20.00 used: $0.35 spent, $19.65 by others"; the parts are left out where
 * everything is spent, since the sum says it already.
 */
export function describeUse(use: LimitUse): string {
  const isPosts = use.unit === "posts";
  const say = isPosts ? count : (micros: number) => usd(toUsd(micros));
  const rest = [
    use.atRisk > 0 && `${say(use.atRisk)} at risk`,
    use.reserved > 0 && `${say(use.reserved)} reserved`,
    use.others > 0 &&
      `${say(use.others)} by other programs of the project (X's figure; LIMIT_SCOPE=own leaves them out)`,
  ].filter((part) => part !== false);
  const parts = rest.length === 0 ? "" : `: ${[`${say(use.spent)} spent`, ...rest].join(", ")}`;
  const allowed = isPosts ? plural(use.allowed, "post") : say(use.allowed);
  return `${say(usedOf(use))} of ${allowed} used${parts}.`;
}

/** The time that an id carries. */
function timeOfPost(id: string): string {
  return isId(id) ? new Date(timeOfId(id)).toISOString().replace(/\.\d+Z$/, "Z") : "an unknown time";
}

export const STORE_FAILING: Meaning = {
  text: "Nothing is bought while the ledger cannot be read or written. Check the table, the task role and the network's route to DynamoDB.",
  isLasting: false,
  runbook: "no-posts",
};

/** When it takes longer than a start takes. */
export const STARTING: Meaning = {
  text: "The first answer of X takes longer than usual. The log shows what the ingester waits for; LOG_LEVEL=debug shows each request.",
  isLasting: false,
  runbook: "no-posts",
};

export const FAILED: Meaning = {
  text: "Find the cause in the last error and in the log. The next process fills the holes that the ledger lists. It does not buy again what has been delivered.",
  isLasting: true,
  runbook: "task-not-running",
};

const LOST: Meaning = {
  text: "These posts are missing in the bucket.",
  isLasting: true,
};

const DEAD_LETTER: Meaning = {
  text: "The post is in the bucket without the fields that did not fit. The stream needs no repair.",
  isLasting: false,
  runbook: "dead-letters",
};

const NO_ID: Meaning = {
  text: "Everything that X sent of it is in the bucket. The stream needs no repair.",
  isLasting: false,
  runbook: "dead-letters",
};

/** By the `reason` of a wait: the kinds of SourceError. */
const WAITS: Readonly<Record<string, Omit<Meaning, "runbook">>> = {
  window_limit: passing("X's rate limit is used up. It renews within 15 minutes."),
  second_limit: passing("X allows one such request a second."),
  day_limit: lasting(
    "X's 24-hour limit of the app is used up. It renews within a day. Fewer requests avoid it: raise SEARCH_POLL_SECONDS.",
  ),
  no_progress: passing(
    "X returns the same posts again. The ingester waits longer before each request, and asks for 10 posts at a time.",
  ),
  transient: passing("X failed or did not answer. Posts stay readable at X for 7 days."),
  stream: passing(
    "The stream is not connected. The ingester connects again on its own, after the waits that X asks for. The time without a connection is a hole.",
  ),
  unreachable: lasting("Nothing answers at X's address. Check X_API_URL, HTTPS_PROXY and the network."),
  usage_cap: lasting(
    "X's monthly cap of the project is used up. Raise it in X's developer console, or wait for X's billing cycle.",
  ),
  spending_limit: lasting("The spending limit in X's developer console is reached. Raise it there."),
  credits_depleted: lasting("The prepaid credit at X is used up. Buy credit in X's developer console."),
};

export function meaningOfWait(reason: string): Meaning {
  const known = Object.hasOwn(WAITS, reason) ? WAITS[reason] : undefined;
  const meaning = known ?? passing("X refuses for now. The ingester asks again.");
  return { ...meaning, runbook: reason === "stream" ? "reconnect-waits" : "no-posts" };
}

/** The destination's own words say what to do; a stream that takes less than it is sent has a section of its own. */
export function meaningOfDelivery({ code, action, needsPerson }: FailedDelivery): Meaning {
  const isThrottled = awsFailureOf({ name: code, code }).kind === "throttled";
  return { text: action, isLasting: needsPerson, runbook: isThrottled ? "stream-throttled" : "no-posts" };
}

function passing(text: string) {
  return { text, isLasting: false };
}

function lasting(text: string) {
  return { text, isLasting: true };
}
