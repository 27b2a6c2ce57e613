import { disconnectionScenarios } from "./disconnections";
import { moneyScenarios } from "./money";
import { processScenarios } from "./processes";
import type { StreamScenario } from "./scenario";
import { seedScenarios } from "./seeds";

const STORES = ["file", "dynamodb"] as const;

/** Each with its ledger in a file and in DynamoDB. @param seeds how many random ones */
export function streamScenarios(seeds: number): readonly StreamScenario[] {
  const all = [
    ...disconnectionScenarios(),
    ...processScenarios(),
    ...moneyScenarios(),
    ...seedScenarios(seeds),
  ];
  return STORES.flatMap((store) => all.map((scenario) => ({ ...scenario, store })));
}
