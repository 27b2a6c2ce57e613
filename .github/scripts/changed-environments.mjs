#!/usr/bin/env node
// changed-environments.mjs PLANS ENVIRONMENTS: of a JSON list of environments, those with a plan that changes
// anything: nobody is asked to approve nothing.
import { existsSync } from "node:fs";
import { join } from "node:path";

const [plans, environments] = process.argv.slice(2);
const changes = ({ stacks }) =>
  stacks.split(" ").some((stack) => existsSync(join(plans, `plan-${stack}`, "tfplan")));
console.log(JSON.stringify(JSON.parse(environments).filter(changes)));
