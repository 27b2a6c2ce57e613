/**
 * A kernel that paces TCP (BBR) paces the loopback, too: one page in ten waited 2 ms between the first and the second part of
 * its body, and which client waits is chance. A network namespace of our own has a loopback without that.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const CONGESTION_CONTROL = "/proc/sys/net/ipv4/tcp_congestion_control";
/** Marks the process inside, which reads the same file. */
const INSIDE = "BENCH_LOOPBACK";
const UNPACED = "cubic";
const ROUTE = `127.0.0.1 dev lo proto kernel scope host src 127.0.0.1 table local congctl ${UNPACED}`;
const ENTER = ["--map-root-user", "--net", "sh", "-c"];
const SET_UP = `ip link set lo up && ip route replace local ${ROUTE} && exec "$@"`;

/**
 * Runs this process's command again where the loopback is not paced.
 * @returns its exit status; undefined where there is no need, or no right to make a namespace: then run here
 */
export function runUnpaced(): number | undefined {
  const control = congestionControl();
  if (control !== "bbr" || process.env[INSIDE] !== undefined) return undefined;
  const enter = [...ENTER, SET_UP, "sh"];
  if (spawnSync("unshare", [...enter, "true"]).status !== 0) {
    console.log(
      `The loopback is paced (${CONGESTION_CONTROL}: ${control}), and no network namespace can be made: figures vary more.`,
    );
    return undefined;
  }
  const command = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const env = { ...process.env, [INSIDE]: UNPACED };
  return spawnSync("unshare", [...enter, ...command], { stdio: "inherit", env }).status ?? 1;
}

function congestionControl(): string | undefined {
  try {
    return readFileSync(CONGESTION_CONTROL, "utf8").trim();
  } catch {
    // No Linux.
    return undefined;
  }
}
