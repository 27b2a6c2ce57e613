import { join } from "node:path";
import { Command } from "./helpers/processes";
import { temporaryDirectory } from "./helpers/temporary-directory";

const root = temporaryDirectory();

describe("npm start -- --stream", () => {
  it("listens with the real ingester, and balances what was billed when it is ended early", async () => {
    const command = new Command("local/start.ts", ["--stream", "--dir", join(root, "stream")]);
    await command.says(/Connected: /);
    await command.says(/[1-9]\d* posts? /);
    expect([await command.stop("SIGINT"), command.stderr]).toEqual([0, ""]);
    expect(command.stdout).toMatch(/Streamed {4}[1-9]/);
    expect(command.stdout).toMatch(/Checked {5}balanced: /);
  }, 30_000);
});
