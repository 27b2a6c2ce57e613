import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { BUNDLE } from "../../local/support/image-layout";

const DOCKER = resolve(__dirname, "../../docker");
/** Tells what a bundle is given. */
const TELLTALE = `#!/usr/bin/env node
console.log(JSON.stringify([process.argv.slice(1), __filename, __dirname, require("./bucket.js")]));
`;

let app: string;
const main = () => join(app, "main.js");
const codeFile = () => join(app, "compile-cache", `ingester.${process.arch}.code`);
const start = (...argv: string[]) => execFileSync(process.execPath, [main(), ...argv], { encoding: "utf8" });

beforeEach(() => {
  app = mkdtempSync(join(tmpdir(), "image-start-"));
  mkdirSync(join(app, "compile-cache"));
  copyFileSync(join(DOCKER, "start.cjs"), main());
  writeFileSync(join(app, "bucket.js"), "module.exports = 'a neighbour';");
});
afterEach(() => rmSync(app, { recursive: true }));

describe("the image's main.js", () => {
  it.each([
    ["without kept code", undefined],
    ["with kept code that is none", "no code"],
    ["with empty kept code", ""],
  ])("runs the bundle %s: with its arguments, its own path and its neighbours", (_name, code) => {
    writeFileSync(join(app, "ingester.js"), TELLTALE);
    if (code !== undefined) writeFileSync(codeFile(), code);

    expect(JSON.parse(start("run", "--max-posts", "5"))).toEqual([
      [main(), "run", "--max-posts", "5"],
      join(app, "ingester.js"),
      app,
      "a neighbour",
    ]);
  });

  it("names the bundle's own lines where it fails", () => {
    writeFileSync(join(app, "ingester.js"), "#!/usr/bin/env node\n\nthrow new Error('broken');\n");

    const { stderr, status } = spawnSync(process.execPath, [main()], { encoding: "utf8" });
    expect(stderr).toContain(`${join(app, "ingester.js")}:3`);
    expect(status).toBe(1);
  });
});

describe("the rehearsal in the image's build", () => {
  const FLAGS = ["--max-semi-space-size=4"];
  const rehearse = () =>
    spawnSync(process.execPath, [...FLAGS, join(DOCKER, "rehearse.cjs"), app], { encoding: "utf8" });

  /** A start: whether V8 rejected the kept code, and how much code it has then. */
  const startWithCode = () => {
    const script = `process.argv.push("version"); const { script } = require(${JSON.stringify(main())});
      console.error(script.cachedDataRejected, script.createCachedData().length);`;
    const { stdout, stderr } = spawnSync(process.execPath, [...FLAGS, "-e", script, main()], {
      encoding: "utf8",
    });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const [rejected, bytes] = stderr.split(" ");
    return { rejected, bytes: Number(bytes) };
  };

  it("keeps code that a start with the same flags uses, also of what a run loads late", () => {
    copyFileSync(BUNDLE, join(app, "ingester.js"));
    expect(rehearse()).toMatchObject({ status: 0, stderr: "" });

    const { rejected, bytes } = startWithCode();
    expect(rejected).toBe("false");
    expect(bytes).toBeGreaterThan(1_000_000);

    // As a start finds it that comes while the code is written.
    writeFileSync(codeFile(), readFileSync(codeFile()).subarray(0, 500_000));
    expect(startWithCode().rejected).toBe("true");
  });

  it("ends as its run does, and keeps nothing of one that failed", () => {
    writeFileSync(join(app, "ingester.js"), "#!/usr/bin/env node\nprocess.exit(2);\n");

    expect(rehearse().status).toBe(2);
    expect(existsSync(codeFile())).toBe(false);
  });
});
