import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LimitUse } from "../../src/ledger/limits";
import type { CollectEvent } from "../../src/loop/events";
import {
  describeUse,
  meaningOfDelivery,
  meaningOfWait,
  RUNBOOK_SECTIONS,
  troubleOf,
} from "../../src/status/trouble";
import {
  caughtUp,
  DEAD_LETTER,
  delivered,
  LIMIT_REACHED,
  lostBetween,
  RETRYING,
  STORE_RETRYING,
  USE,
  waiting,
} from "./events";
import { HOUR, NOON } from "./helpers";

describe("trouble in words", () => {
  it.each<[string, CollectEvent, string, string]>([
    [
      "a loss",
      lostBetween(NOON - 2 * HOUR, NOON - HOUR),
      "Posts from 2026-11-23T10:00:00Z to 2026-11-23T11:00:00Z (ids ",
      "missing in the bucket",
    ],
    [
      "a dead letter",
      DEAD_LETTER,
      "Post 15 of 2010-11-04T01:42:54Z (2,000,000 bytes) was delivered incomplete: too large.",
      "without the fields that did not fit",
    ],
    [
      "a post without an id",
      { ...DEAD_LETTER, id: "no-id-0123456789ab", reason: "no_id" },
      "X sent a post without a valid id; it was delivered as no-id-0123456789ab.",
      "Everything that X sent of it is in the bucket",
    ],
    ["a wait", waiting(NOON), "X answered 429 on tweets/search/recent: window_limit.", "within 15 minutes"],
    [
      "failing delivery",
      RETRYING,
      "Delivery of 4 records failed with InternalFailure: Firehose failed. Attempt 8 follows.",
      "sent again",
    ],
    ["a failing store", STORE_RETRYING, STORE_RETRYING.message, "Nothing is bought"],
  ])("says what happened and what it means: %s", (_what, event, message, meaning) => {
    expect(troubleOf(event)).toMatchObject({
      message: expect.stringContaining(message),
      text: expect.stringContaining(meaning),
    });
  });

  it.each<CollectEvent>([delivered(NOON, 1), caughtUp(NOON), LIMIT_REACHED])(
    "calls no trouble: $type",
    (event) => {
      expect(troubleOf(event)).toBeUndefined();
    },
  );

  it("speaks of one record in the singular", () => {
    expect(troubleOf({ ...RETRYING, records: 1 })?.message).toContain("Delivery of 1 record failed");
  });

  it.each([
    ["credits_depleted", true],
    ["spending_limit", true],
    ["usage_cap", true],
    ["unreachable", true],
    ["window_limit", false],
    ["transient", false],
    ["a reason of a later version", false],
  ])("knows whether a wait lasts: %s", (reason, isLasting) => {
    expect(meaningOfWait(reason).isLasting).toBe(isLasting);
  });

  it.each([
    ["ServiceUnavailableException", false, "stream-throttled"],
    ["InternalFailure", false, "no-posts"],
    ["AccessDeniedException", true, "no-posts"],
  ])(
    "passes on what the destination says about a failure, and names a section: %s",
    (code, needsPerson, runbook) => {
      const failed = { code, action: "Do this.", needsPerson };
      expect(meaningOfDelivery(failed)).toEqual({ text: "Do this.", isLasting: needsPerson, runbook });
    },
  );

  it("names no section that the runbook does not have", () => {
    const text = readFileSync(join(__dirname, "../../../docs/runbook.md"), "utf8");
    const sections = [...text.matchAll(/^## (\S+)$/gm)].map(([, section]) => section);
    expect(sections).toEqual(expect.arrayContaining([...RUNBOOK_SECTIONS]));
  });
});

describe("where a limit stands, in words", () => {
  it("distinguishes ours, at risk, reserved and others", () => {
    expect(describeUse(USE)).toBe(
      "$50.00 of $50.00 used: $12.34 spent, $0.50 at risk, $0.50 reserved, $36.66 by other programs of the project " +
        "(X's figure; LIMIT_SCOPE=own leaves them out).",
    );
  });

  it("leaves out what is zero", () => {
    expect(describeUse({ ...USE, atRisk: 0, reserved: 0, others: 0 })).toBe("$12.34 of $50.00 used.");
  });

  it("counts posts with thousands separators", () => {
    const use: LimitUse = {
      ...USE,
      unit: "posts",
      allowed: 10_000,
      spent: 9_989,
      atRisk: 1,
      reserved: 10,
      others: 0,
    };
    expect(describeUse(use)).toBe("10,000 of 10,000 posts used: 9,989 spent, 1 at risk, 10 reserved.");
  });
});
