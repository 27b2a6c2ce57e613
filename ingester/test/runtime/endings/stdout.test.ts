import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { TYPESCRIPT } from "../../../../local/test/helpers/typescript";
import { guardStdout, type OutputGone } from "../../../src/runtime/endings/stdout";

const failing = (code: string) =>
  new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(`${code}: the reason`), { code })),
  });

function guard(stdout: Writable, isTTY = false, stderr: Writable = new PassThrough()) {
  const streams = { stdout: Object.assign(stdout, { isTTY }), stderr };
  return guardStdout(streams as unknown as Parameters<typeof guardStdout>[0]);
}

describe("guardStdout", () => {
  it.each([
    ["EPIPE", false, true, /^nothing reads stdout any more \(EPIPE\)$/],
    ["ECONNRESET", false, true, /nothing reads/],
    ["EIO", true, true, /nothing reads stdout any more \(EIO\)/],
    ["EIO", false, false, /^stdout cannot be written \(EIO: the reason\)$/],
    ["ENOSPC", false, false, /^stdout cannot be written \(ENOSPC: the reason\)$/],
    ["EDQUOT", false, false, /cannot be written/],
  ])("says why the output is gone, once: %s, in a terminal %s", async (code, isTTY, isClosed, words) => {
    const stdout = guard(failing(code), isTTY);
    for (const line of ["one\n", "two\n"]) stdout.write(line);
    await stdout.flush();
    const gone = stdout.gone.reason as OutputGone;
    expect(gone).toMatchObject({ isClosed, message: expect.stringMatching(words) });
    stdout.write("three\n");
    await stdout.flush();
    expect(stdout.gone.reason).toBe(gone);
  });

  it("survives an output that throws", async () => {
    const throwing = new PassThrough();
    throwing.write = () => {
      throw Object.assign(new Error("EBADF: bad"), { code: "EBADF" });
    };
    const stdout = guard(throwing);
    stdout.write("one\n");
    await stdout.flush();
    expect(stdout.gone.aborted).toBe(true);
  });

  it("does not mind that stderr is gone", async () => {
    const stderr = failing("EPIPE");
    const stdout = guard(new PassThrough(), false, stderr);
    stderr.write("a complaint");
    await stdout.flush();
    expect(stdout.gone.aborted).toBe(false);
  });

  it("waits no longer than its limit for a reader that does not read", async () => {
    const stuck = guard(new Writable({ write: () => undefined }));
    stuck.write("one\n");
    await stuck.flush(20);
    expect(stuck.gone.aborted).toBe(false);
  });
});

/** In a process of its own, with real pipes and devices. */
function start(script: string, stdout: "pipe" | number) {
  const prelude = `const { guardStdout } = require("./ingester/src/runtime/endings/stdout.ts"); const out = guardStdout();`;
  return spawn(process.execPath, [...TYPESCRIPT, "--eval", `${prelude}\n${script}`], {
    cwd: join(__dirname, "../../../.."),
    stdio: ["ignore", stdout, "pipe"],
  });
}

describe("real outputs", () => {
  it("lose nothing in a pipe that is read slowly", async () => {
    const child = start(
      `out.write("x".repeat(1_000_000)); void out.flush().then(() => process.exit(0));`,
      "pipe",
    );
    if (child.stdout === null) throw new Error("no pipe");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await text(child.stdout)).toHaveLength(1_000_000);
  });

  it.each(["ENOSPC"])("say what a full device answers: %s", async (code) => {
    const full = openSync("/dev/full", "w");
    const child = start(
      `out.write("x"); void out.flush().then(() => process.exit(out.gone.reason.cause.code === "${code}" ? 5 : 6));`,
      full,
    );
    closeSync(full);
    const exit = new Promise((resolve) => child.on("exit", resolve));
    expect(await exit).toBe(5);
  });
});
