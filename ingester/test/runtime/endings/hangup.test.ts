import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { TYPESCRIPT } from "../../../../local/test/helpers/typescript";

/** In processes of their own: what Node resets at its start cannot be set up inside one. */
const SCRIPT = `process.stdout.write(String(require("./ingester/src/runtime/endings/hangup.ts").isHangupIgnored()))`;
const NODE = [process.execPath, ...TYPESCRIPT, "--eval", `'${SCRIPT}'`].join(" ");

function ask(command: string): string {
  const cwd = join(__dirname, "../../../..");
  const env = { ...process.env, _: undefined };
  return spawnSync("/bin/sh", ["-c", command], { cwd, env, encoding: "utf8" }).stdout;
}

describe("isHangupIgnored", () => {
  it("says no to a process of a plain shell", () => {
    expect(ask(NODE)).toBe("false");
  });

  it.each([
    ["nohup, as bash starts it", `bash -c "nohup ${NODE.replaceAll('"', '\\"')}" < /dev/null`],
    ["a shell that ignores hangups", `trap '' HUP; ${NODE}; true`],
    ["nohup around a shell", `nohup sh -c "${NODE.replaceAll('"', '\\"')}; true"`],
    // As GNU nohup does where its input is a terminal.
    ["an input that nohup has replaced", `exec 0> /dev/null; ${NODE}`],
  ])("knows %s", (_name, command) => {
    expect(ask(command)).toBe("true");
  });

  it("leaves out an input that can be read, and one of another kind", () => {
    expect(ask(`${NODE} < /dev/null`)).toBe("false");
    expect(ask(`${NODE} 0> /dev/zero`)).toBe("false");
  });
});

it("Node itself forgets that hangups were ignored, or this file would not be needed", async () => {
  const child = spawn("/bin/sh", [
    "-c",
    `trap '' HUP; exec ${process.execPath} -e 'setInterval(Date, 1000); console.log()'`,
  ]);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  child.kill("SIGHUP");
  expect(await new Promise((resolve) => child.on("exit", (_code, signal) => resolve(signal)))).toBe("SIGHUP");
});
