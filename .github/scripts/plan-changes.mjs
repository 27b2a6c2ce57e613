#!/usr/bin/env node
// plan-changes.mjs < PLAN: of `terraform show -json`, addresses and actions only. Values may be nobody's business.
import { readFileSync } from "node:fs";

const { resource_changes: planned = [] } = JSON.parse(readFileSync(0, "utf8"));
const changes = planned
  .filter(({ change, previous_address }) => change.actions.join() !== "no-op" || previous_address)
  .map(({ address, change, previous_address }) => ({
    address,
    actions: change.actions,
    ...(previous_address ? { previous: previous_address } : {}),
  }));
console.log(JSON.stringify(changes, undefined, 2));
