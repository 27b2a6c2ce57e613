/** What happens in the loop and its adapters, in values: for logs, metrics and the status page. */
import type { Loss } from "../ledger/coverage";
import type { Interval, Intervals } from "../ledger/intervals";
import type { LimitUse } from "../ledger/limits";
import type { DeliveryReceipt, Page } from "./ports";

/** Names a query in events: the key of its coverage. */
interface OfQuery {
  readonly key: string;
}

/** How many connections may be attempted in any time of `windowMs`. */
export interface ConnectLimit {
  /** Own bound, below that of X. */
  readonly connects: number;
  readonly connectsByX: number;
  readonly windowMs: number;
}

/** What happens, for logs, metrics and the status page. Values only: no event decides anything. */
export type CollectEvent =
  /** Bought, and not yet delivered. */
  | ({ readonly type: "page_read"; readonly page: Page } & OfQuery)
  | ({ readonly type: "page_delivered"; readonly page: Page; readonly receipt: DeliveryReceipt } & OfQuery)
  /** X had nothing newer, and no hole was left, when it answered at `atMs`. */
  | ({ readonly type: "caught_up"; readonly atMs: number } & OfQuery)
  | ({ readonly type: "loss_recorded"; readonly loss: Loss } & OfQuery)
  /** Another worker is buying these parts of what was asked for. */
  | ({
      readonly type: "left_to_others";
      readonly intervals: Intervals;
      readonly workers: readonly string[];
    } & OfQuery)
  /** `use`: where it stands; undefined for a limit of X's own. */
  | {
      readonly type: "limit_reached";
      readonly limit: string;
      readonly renewsAtMs: number | undefined;
      readonly use?: LimitUse;
    }
  | { readonly type: "limit_renewed"; readonly limit: string }
  /** X's rules are those of the configuration, and those of others. */
  | ({
      readonly type: "rules_in_force";
      readonly count: number;
      readonly foreign: number;
      /** Tags. */
      readonly added: readonly string[];
      readonly removed: readonly string[];
    } & OfQuery)
  /** `hole`: what lies between this connection and what was heard before. */
  | ({ readonly type: "stream_connected"; readonly atMs: number; readonly hole?: Interval } & OfQuery)
  | ({
      readonly type: "stream_disconnected";
      readonly reason: string;
      readonly onTheWay: number;
      /** This process was told to stop. */
      readonly stopped: boolean;
    } & OfQuery)
  /** A connection is attempted. */
  | ({ readonly type: "stream_connecting"; readonly limit: ConnectLimit } & OfQuery)
  /** There is no connection; the next one is attempted in `waitMs`. */
  | ({ readonly type: "stream_reconnecting"; readonly reason: string; readonly waitMs: number } & OfQuery)
  /** Bytes have come, posts or heartbeats; reported at most about twice a second. */
  | ({
      readonly type: "stream_received";
      /** Posts since the event before. */
      readonly posts: number;
      /** A heartbeat has come since the event before. */
      readonly heartbeat: boolean;
      /** What waits for delivery. */
      readonly heldBytes: number;
    } & OfQuery)
  /** Messages of types that are not known have come; they are delivered as lines. */
  | ({ readonly type: "unknown_messages"; readonly count: number } & OfQuery)
  /** Search has read a hole for every rule, but for those that it cannot be asked for. */
  | ({
      readonly type: "hole_filled";
      readonly hole: Interval;
      readonly rules: number;
      readonly skipped: number;
    } & OfQuery)
  /** Search cannot be asked for a rule: posts of the hole that only this rule matches stay missing. */
  | ({
      readonly type: "rule_skipped";
      readonly rule: string;
      readonly reason: string;
      readonly hole: Interval;
    } & OfQuery)
  /** `needsPerson`: nothing will move until a person acts (credits, console limit). */
  | {
      readonly type: "source_waiting";
      readonly reason: string;
      readonly message: string;
      readonly untilMs: number;
      readonly needsPerson: boolean;
    }
  /** X did not know, or left out, what was asked for: the next requests differ. */
  | { readonly type: "request_changed"; readonly message: string }
  | {
      readonly type: "delivery_retrying";
      readonly records: number;
      readonly code: string;
      /** What the destination said, in one line without a full stop. */
      readonly message: string;
      /** What a person should do about it, as sentences. */
      readonly action: string;
      /** Nothing will move until a person acts. */
      readonly needsPerson: boolean;
      readonly attempt: number;
      readonly waitMs: number;
    }
  | { readonly type: "dead_letter"; readonly id: string; readonly reason: string; readonly bytes: number }
  | { readonly type: "store_retrying"; readonly message: string };

export type Observer = (event: CollectEvent) => void;
