/** Log lines of the filtered stream: connections, rules, holes. */

import type { CollectEvent } from "../../loop/events";
import { timeOfId } from "../../posts/ids";
import type { Logger } from "../../runtime/logger";
import { sentence } from "../../runtime/words";

export function logStream(event: CollectEvent, logger: Logger): void {
  switch (event.type) {
    case "rules_in_force": {
      const { key: query, count, foreign, added, removed } = event;
      const fields = { event: event.type, query, rules: count, foreign, added, removed };
      const message =
        "The app has rules of others: their posts come, and are billed, too (ingester rules list).";
      if (foreign === 0) logger.info(fields);
      else logger.warn(fields, message);
      break;
    }
    case "stream_connected":
      logger.info({ event: event.type, query: event.key, hole: event.hole && times(event.hole) });
      break;
    case "stream_disconnected": {
      const { key: query, reason, onTheWay: on_the_way } = event;
      const fields = { event: event.type, query, on_the_way };
      if (event.stopped) logger.info(fields, "The stream is disconnected, because the ingester stops.");
      else logger.warn(fields, `The stream is disconnected: ${sentence(reason)}`);
      break;
    }
    case "unknown_messages": {
      const message = "X sent messages of an unknown kind; each is a line (docs/record.md).";
      logger.warn({ event: event.type, query: event.key, count: event.count }, message);
      break;
    }
    case "hole_filled": {
      const { key: query, hole, rules, skipped } = event;
      logger.info({ event: event.type, query, ...times(hole), rules, skipped });
      break;
    }
    case "rule_skipped": {
      const { key: query, rule, reason, hole } = event;
      const message = `Search cannot stand in for the rule "${rule}": ${sentence(reason)}`;
      logger.warn({ event: event.type, query, rule, ...times(hole) }, message);
      break;
    }
  }
}

function times({ after, through }: { readonly after: string; readonly through: string }) {
  return { from: iso(after), to: iso(through) };
}

function iso(id: string): string {
  return new Date(timeOfId(id)).toISOString();
}
