import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { noPlanComment, planComment } from "./plan-comment";

/**
 * `plan-comment-cli.ts STACK FOLDER RUN_URL COMMIT` prints the comment for what .github/scripts/plan-stack.sh left in
 * the folder: a plan, a refusal, or nothing.
 */
const [stack, folder, runUrl, commit] = process.argv.slice(2);
if (stack === undefined || folder === undefined || runUrl === undefined || commit === undefined) {
  console.error("Give a stack, the folder of its plan, the run's address and the commit.");
  process.exitCode = 2;
} else {
  const read = (name: string) =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "";
  const changes = read("changes.json");
  const common = { stack, runUrl, commit };
  console.log(
    changes === ""
      ? noPlanComment({ ...common, refused: read("refused.txt") })
      : planComment({ ...common, changes: JSON.parse(changes), text: read("plan.txt") }),
  );
}
