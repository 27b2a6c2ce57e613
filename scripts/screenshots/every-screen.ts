/**
 * `npx tsx scripts/screenshots/every-screen.ts [FOLDER [PATTERN]]`: contact sheets of the status page, to look at before a release.
 * Each scene of the tests is shown at 1,200 pixels in light and dark, and at 400 and 280 pixels in columns. PATTERN selects scenes by name.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import type { StatusServer } from "../../ingester/src/status/http/server";
import { CHROMIUM, FLAGS, listenAt } from "../../ingester/test/status/page/browser";
import { RARE_SCENES } from "../../ingester/test/status/page/rare-scenes";
import { play, SCENES, type Scene, STREAM_SCENES } from "../../ingester/test/status/page/scenes";

const FOLDER = process.argv[2] ?? join(__dirname, "../../.local/screens");
const ONLY = process.argv[3];
const SCHEMES = ["light", "dark"] as const;
/** Height of a column of a narrow page. */
const COLUMN = 1_050;
const LOST = "contact lost";
const ALL: Readonly<Record<string, Scene>> = {
  ...SCENES,
  ...STREAM_SCENES,
  ...RARE_SCENES,
  ...{ [LOST]: SCENES["several queries"] ?? {} },
};

interface Shot {
  readonly width: number;
  readonly height: number;
  readonly source: string;
}

async function shots(page: Page, width: number): Promise<readonly Shot[]> {
  await page.setViewportSize({ width, height: 900 });
  const result: Shot[] = [];
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    const png = await page.screenshot({ fullPage: true });
    const height = (await page.evaluate("document.documentElement.scrollHeight")) as number;
    result.push({ width, height, source: `data:image/png;base64,${png.toString("base64")}` });
  }
  return result;
}

async function loseContact(page: Page, server: StatusServer): Promise<void> {
  await server.close();
  await page.locator("#word", { hasText: "No contact" }).waitFor();
}

/** Columns of one page, left to right. */
function columns({ width, height, source }: Shot): string {
  return Array.from(
    { length: Math.ceil(height / COLUMN) },
    (_, i) =>
      `<div style="width:${width}px;height:${COLUMN}px;overflow:hidden;flex:none"><img style="margin-top:-${i * COLUMN}px" src="${source}"></div>`,
  ).join("");
}

async function sheet(browser: Browser, file: string, body: string, scale: number): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 4_000, height: 1_200 } });
  await page.setContent(
    `<body style="margin:0;background:#888"><div id="all" style="display:inline-flex;gap:12px;padding:6px;zoom:${scale}">${body}</div>`,
  );
  await page.locator("#all").screenshot({ path: join(FOLDER, file) });
  await page.close();
}

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  try {
    for (const [name, scene] of Object.entries(ALL)) {
      if (ONLY !== undefined && !new RegExp(ONLY).test(name)) continue;
      const { server, url } = await listenAt(await play(scene));
      const page = await browser.newPage({ viewport: { width: 1_200, height: 900 } });
      await page.goto(url);
      await page.locator("#updated", { hasText: "Updated" }).waitFor();
      const file = name.replace(/[^a-z0-9]+/gi, "-");
      if (name === LOST) await loseContact(page, server);
      const wide = await shots(page, 1_200);
      await sheet(
        browser,
        `${file}.1200.png`,
        wide.map(({ source }) => `<img src="${source}">`).join(""),
        0.65,
      );
      for (const width of [400, 280]) {
        const body = (await shots(page, width)).map(columns).join("");
        await sheet(browser, `${file}.${width}.png`, body, 0.8);
      }
      await page.close();
      await server.close();
      console.log(name);
    }
  } finally {
    await browser.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
