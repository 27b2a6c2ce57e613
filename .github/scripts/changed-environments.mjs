#!/usr/bin/env node
// changed-environments.mjs PLANS ENVIRONMENTS: of a JSON list of environments, those with a plan that changes anything,
// as outputs of a step: `first`, and `later` for those that come after another one. Without changes nobody is asked.
import { existsSync } from "node:fs";
import { join } from "node:path";

const [plans, environments] = process.argv.slice(2);
const changes = ({ stacks }) =>
  stacks.split(" ").some((stack) => existsSync(join(plans, `plan-${stack}`, "tfplan")));
const changed = JSON.parse(environments).filter(changes);
console.log(`first=${JSON.stringify(changed.filter(({ after }) => !after))}`);
console.log(`later=${JSON.stringify(changed.filter(({ after }) => after))}`);
