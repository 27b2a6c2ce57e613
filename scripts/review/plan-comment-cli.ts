import { readFileSync } from "node:fs";
import { join } from "node:path";
import { planComment } from "./plan-comment";

/** `plan-comment-cli.ts STACK FOLDER RUN_URL` prints the comment for a plan that .github/scripts/plan-stack.sh left. */
const [stack, folder, runUrl] = process.argv.slice(2);
if (stack === undefined || folder === undefined || runUrl === undefined) {
  console.error("Give a stack, the folder of its plan and the run's address.");
  process.exitCode = 2;
} else {
  const text = readFileSync(join(folder, "plan.txt"), "utf8");
  const changes = JSON.parse(readFileSync(join(folder, "changes.json"), "utf8"));
  console.log(planComment({ stack, changes, text, runUrl }));
}
