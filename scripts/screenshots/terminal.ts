/** A fill in a terminal, as a person sees it: `script` of util-linux gives the process one. */
import { spawn } from "node:child_process";
import { World } from "../../__tests__/ingest/world";

const COLUMNS = 96;
const COMMAND = "ingester backfill --from 6d";
const DAY_MS = 86_400_000;
const POSTS = 60_000;
/** Goes to the line's beginning and clears it. */
const REDRAWN = "\r\u001b[2K";

/** @returns the lines of the terminal when about half of the range was filled */
export async function recordFill(): Promise<readonly string[]> {
  const now = Date.now();
  const world = await World.create({
    segments: [{ count: POSTS, fromMs: now - 6 * DAY_MS, toMs: now }],
  });
  try {
    const [, ...argv] = COMMAND.split(" ");
    const program = `stty cols ${COLUMNS}; node ingester/dist/main.js ${argv.join(" ")} --yes`;
    const environment = { ...world.environment({ MONTHLY_USD_LIMIT: "500" }), TERM: "xterm" };
    return [`$ ${COMMAND}`, middleOf(await outputOf(program, environment))];
  } finally {
    await world.close();
  }
}

function outputOf(program: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("script", ["-qefc", program, "/dev/null"], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(output) : reject(new Error(`exit code ${code}: ${output}`)),
    );
  });
}

/** The drawing of the live line that is nearest to one half. */
function middleOf(output: string): string {
  const drawn = output.split(REDRAWN).filter((line) => /\d %/.test(line) && line.includes("left"));
  const distance = (line: string) => Math.abs(50 - Number(/(\d+) %/.exec(line)?.[1]));
  const [middle] = drawn.sort((a, b) => distance(a) - distance(b));
  if (middle === undefined) throw new Error(`no progress was drawn: ${output}`);
  return middle.split("\r")[0] ?? middle;
}
