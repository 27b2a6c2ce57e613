import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readDeliveredIds } from "../delivered-ids";
import { XSimulator } from "../x-simulator/x-simulator";
import { Command } from "./helpers/processes";
import { temporaryDirectory } from "./helpers/temporary-directory";

const root = temporaryDirectory();
const MINI_INGESTER = join(__dirname, "fixtures/mini-ingester.cjs");

/** `npm start` with a stand-in for the ingester. @param misbehaviour what the stand-in does wrong. */
function start(name: string, args: readonly string[] = [], misbehaviour = ""): Command {
  const env = misbehaviour === "" ? {} : { POST_FIELDS: misbehaviour };
  return new Command(
    "local/start.ts",
    ["--dir", join(root, name), "--ingester", MINI_INGESTER, ...args],
    env,
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The stand-in's process id: the only child of the runner that runs it. */
async function ingesterPid(runner: Command): Promise<number> {
  const { execFileSync } = await import("node:child_process");
  const children = execFileSync("ps", ["-eo", "pid=,ppid=,args="]).toString().split("\n");
  const line = children.find(
    (text) => text.includes(MINI_INGESTER) && text.includes(` ${runner.child.pid} `),
  );
  return Number(line?.trim().split(/\s+/)[0]);
}

describe("npm start", () => {
  it("delivers every post, then reads only what is new", async () => {
    const first = start("plain", ["--posts", "250"]);
    expect(await first.ended).toBe(0);
    expect(first.stdout).toContain("250 posts from the X API simulator in 3 requests");
    expect(first.stdout).toContain("all 250 posts read are in the bucket, none read twice");
    expect(first.stdout).toContain("would have cost $1.25");
    expect(first.stdout).toContain("npm start -- --posts 750");
    const second = start("plain");
    expect(await second.ended).toBe(0);
    expect(second.stdout).toContain("nothing was read, none read twice");
    const third = start("plain", ["--posts", "270"]);
    expect(await third.ended).toBe(0);
    expect(third.stdout).toContain("20 posts from the X API simulator");
    expect(await readDeliveredIds(join(root, "plain/bucket"), "tweets/")).toMatchObject({
      total: 270,
      distinct: 270,
    });
  });

  it("starts over with --fresh", async () => {
    expect(await start("fresh", ["--posts", "30"]).ended).toBe(0);
    const again = start("fresh", ["--fresh", "--posts", "20"]);
    expect(await again.ended).toBe(0);
    expect(again.stdout).toContain("all 20 posts read are in the bucket, none read twice");
  });

  it("exits 1 when a post that was read is not in the bucket, and counts them", async () => {
    const command = start("lossy", ["--posts", "250"], "lose");
    expect(await command.ended).toBe(1);
    expect(command.stdout).toContain("3 posts read but NOT delivered");
    expect(command.stderr).toContain("3 posts missing from the bucket");
  });

  it("exits 1 when delivered objects have been deleted", async () => {
    expect(await start("deleted", ["--posts", "30"]).ended).toBe(0);
    rmSync(join(root, "deleted/bucket"), { recursive: true });
    const command = start("deleted");
    expect(await command.ended).toBe(1);
    expect(command.stderr).toContain("30 posts missing from the bucket");
  });

  it("passes the ingester's refusal and exit code on, without a summary of nothing", async () => {
    const command = start("refused", [], "refuse");
    expect(await command.ended).toBe(2);
    expect(command.stdout).toContain("ingester: SEARCH_QUERY is wrong. Use another.\n");
    expect(command.stdout).not.toContain("Price");
    expect(command.stderr).toMatch(/exit code 2; its log is .*ingester\.log/);
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "stops its ingester on %s and delivers what was read",
    async (signal) => {
      const command = start(`stopped-${signal}`, ["--posts", "400"], "linger");
      await command.says(/read 100 of 400 posts, delivered (100)/);
      const pid = await ingesterPid(command);
      expect(await command.stop(signal)).toBe(0);
      expect(isAlive(pid)).toBe(false);
      expect(command.stdout).toContain("all 100 posts read are in the bucket, 300 posts still to read");
    },
  );

  it("leaves no ingester behind when it is killed itself, and loses nothing", async () => {
    const command = start("killed", ["--posts", "400"], "linger");
    await command.says(/read 100 of 400 posts, delivered (100)/);
    const pid = await ingesterPid(command);
    expect(isAlive(pid)).toBe(true);
    expect(await command.stop("SIGKILL")).toBe("SIGKILL");
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
    const next = start("killed");
    expect(await next.ended).toBe(0);
    expect(await readDeliveredIds(join(root, "killed/bucket"), "tweets/")).toMatchObject({ distinct: 400 });
  });
});

describe("npm start with the ingester as it is built", () => {
  it("ingests end to end, and reads nothing again the second time", async () => {
    const args = ["--dir", join(root, "real")];
    const first = Command.asNpmRuns("local/start.ts", [...args, "--posts", "300"]);
    expect(await first.ended).toBe(0);
    expect(first.stdout).toContain("all 300 posts read are in the bucket, none read twice");
    const second = new Command("local/start.ts", args);
    expect(await second.ended).toBe(0);
    expect(second.stdout).toContain("nothing was read, none read twice");
    expect(first.stderr + second.stderr).toBe("");
  });
});

describe("npm start -- --live", () => {
  it("reads from what X_API_URL names and keeps each query's posts apart", async () => {
    const x = new XSimulator({ posts: 80 });
    const { url } = await x.listen();
    const args = [
      "--dir",
      join(root, "live"),
      "--ingester",
      MINI_INGESTER,
      "--live",
      "--query",
      "Cats & dogs",
    ];
    const command = new Command("local/start.ts", args, { X_API_URL: url, X_BEARER_TOKEN: "secret-token" });
    expect(await command.ended).toBe(0);
    expect(command.stdout).toContain("80 posts from the X API in 1 request");
    expect(command.stdout).toContain("These reads cost $0.40");
    expect(command.stdout + command.stderr).not.toContain("secret-token");
    const [bucket = ""] = /\S+\/live\/cats-dogs-[0-9a-f]{8}\/bucket/.exec(command.stdout) ?? [];
    expect(await readDeliveredIds(bucket, "tweets/")).toMatchObject({ distinct: 80 });
    await x.close();
  });
});

describe("npm start -- --live with the ingester as it is built", () => {
  const live = (name: string, env: NodeJS.ProcessEnv) =>
    new Command("local/start.ts", ["--dir", join(root, name), "--live", "--query", "cats"], {
      X_BEARER_TOKEN: "secret-token",
      MONTHLY_POST_LIMIT: "100",
      ...env,
    });

  it.each([
    ["no route to X", "https://127.0.0.1:1", "no connection to 127.0.0.1:1 (ECONNREFUSED)"],
    [
      "an address that would get the token in clear text",
      "http://192.0.2.1",
      "would send the token unencrypted",
    ],
    ["an address that is none", "nonsense", 'X_API_URL is not a URL, got "nonsense"'],
  ])("says the cause, charges nothing and prints no summary for %s", async (name, url, cause) => {
    const command = live(name, { X_API_URL: url });
    expect(await command.ended).toBe(2);
    expect(command.stdout).toContain(cause);
    expect(command.stdout).not.toMatch(/Checked|Next|Price|secret-token/);
    expect(command.stderr).toContain("exit code 2");
    const ledger = join(root, name, "live/checkpoint.json");
    if (existsSync(ledger))
      expect(JSON.parse(readFileSync(ledger, "utf8")).budget).toMatchObject({ risks: [] });
  });

  it("goes on after a limit with the same command, and says so", async () => {
    const x = new XSimulator({ posts: 80 });
    const env = { X_API_URL: (await x.listen()).url };
    const first = live("limit", env);
    expect(await first.ended).toBe(0);
    expect(first.stdout).toContain("50 posts from the X API");
    expect(first.stdout).toContain("Next        the same command again: it continues where this run ended");
    const second = live("limit", env);
    expect(await second.ended).toBe(0);
    expect(second.stdout).toContain("30 posts from the X API");
    expect(second.stdout).toContain("it reads only what is new");
    await x.close();
  });
});
