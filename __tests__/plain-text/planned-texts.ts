import { knownPlans } from "../helpers/known-plans";
import type { Plan } from "../helpers/plan";
import { everyField } from "./every-field";
import { nasty, stacksWithTexts } from "./nasty";
import { type NastyConfig, problemsOf } from "./text-fields";

const TEN_MINUTES = 600_000;

/*
 * Tests of nasty texts. They are part of the file that tests the plan of all known stacks, these among them: finding out
 * which text takes what costs seconds in each file that does it.
 */

export function describeNastyConfigurations(): void {
  describe("the configurations that set every field", () => {
    it("are right as they are, and with nasty texts", () => {
      for (const config of [...everyField, ...nasty.map((each) => each.config)]) {
        expect([config.environment, problemsOf(config)]).toEqual([config.environment, []]);
      }
    });

    it("take nasty texts where a text is free", () => {
      const takeTemplates = nasty.flatMap(({ texts }) =>
        texts.filter(({ taken }) => taken.includes("\u0024{HOME}")).map(({ place }) => place),
      );
      expect(takeTemplates.sort()).toEqual([
        "delivery.errorOutputPrefix",
        "ingester.checkpointKey",
        "ingester.source.queries.*.query",
        "ingester.source.query",
        "ingester.source.rules.*.tag",
        "ingester.source.rules.*.value",
        "monitoring.email",
        "monitoring.runbook",
        "worker.extraEgress.*.description",
        "worker.extraPermissions.*.conditions.*.values.*",
        "worker.extraPermissions.*.resources.*",
        "worker.sidecars.*.command.*",
        "worker.sidecars.*.environment.MODE",
      ]);
    });
  });
}

export function describePlainTexts(): void {
  describe("a plain text of a configuration", () => {
    const planned = new Map<NastyConfig, readonly string[]>();
    beforeAll(async () => {
      const stacks = nasty.map((config) => ({ config, stacks: stacksWithTexts(config) }));
      const plans = await knownPlans(stacks.flatMap((each) => each.stacks));
      for (const each of stacks) {
        planned.set(each.config, plans.splice(0, each.stacks.length).flatMap(plannedTexts));
      }
    }, TEN_MINUTES);

    it.each(nasty.flatMap((config) => config.texts.map((text) => ({ ...text, config }))))(
      "arrives in the plan unchanged: $place",
      ({ config, marker, added }) => {
        const found = planned.get(config)?.filter((text) => text.includes(marker)) ?? [];
        expect(found.filter((text) => !text.includes(added) && !text.includes(normalized(added)))).toEqual(
          [],
        );
        expect(found.some((text) => text.includes(added))).toBe(true);
      },
    );
  });
}

/** Names of coverage in the ledger are made of the query with its white space normalized. */
function normalized(text: string): string {
  return text.trim().replace(/\s+/g, " ");
}

function plannedTexts({ resource_changes }: Plan): string[] {
  return resource_changes.flatMap(({ change }) => textsIn(change.after));
}

/** Every text in a value, names of entries and texts inside of JSON documents among them. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") {
    const document = documentIn(value);
    return document === undefined ? [value] : textsIn(document);
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [name, ...textsIn(part)]);
}

function documentIn(text: string): unknown {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === "object" && document !== null ? document : undefined;
  } catch {
    return undefined;
  }
}
