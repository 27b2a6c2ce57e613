import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import type { IngestEvent } from "../../src/ports";
import { StatusServer } from "../../src/status/server";
import type { StatusTracker } from "../../src/status/state";
import {
  caughtUp,
  delivered,
  ManualClock,
  MINUTE,
  MONEY,
  memoryLogger,
  NOON,
  RETRYING,
  scrub,
  type TrackerParts,
  tracker,
} from "./helpers";

const CHROMIUM = process.env.CHROMIUM_PATH || "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** The page asks again after this time. */
const REFRESH_MS = 5_000;
const installed = existsSync(CHROMIUM);
if (!installed) process.stderr.write(`Skipped: the status page in a browser (no Chromium at ${CHROMIUM}).\n`);

(installed ? describe : describe.skip)("status page in Chromium", () => {
  let browser: Browser;
  const closing: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  }, 30_000);
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  interface Shown {
    readonly page: Page;
    readonly status: StatusTracker;
    readonly server: StatusServer;
    /** Console errors, exceptions and requests that leave the server. */
    readonly complaints: string[];
  }

  /** Opens the page of a status to which these events happened. */
  async function show(events: readonly IngestEvent[], parts?: TrackerParts, width = 1_200): Promise<Shown> {
    const status = tracker(parts);
    for (const event of events) status.apply(event);
    const server = new StatusServer({
      status: () => status.snapshot(),
      scrub,
      logger: memoryLogger().logger,
    });
    const url = `http://127.0.0.1:${await server.listen(0)}/`;
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    closing.push(
      () => page.close(),
      () => server.close(),
    );
    const complaints = listen(page, url);
    await page.clock.install();
    await page.goto(url);
    await page.locator("#updated", { hasText: "Updated" }).waitFor();
    return { page, status, server, complaints };
  }

  function listen(page: Page, url: string): string[] {
    const complaints: string[] = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => !request.url().startsWith(url) && complaints.push(request.url()));
    return complaints;
  }

  it("shows posts, money, lag and the checkpoint, and asks nobody else for anything", async () => {
    const { page, complaints } = await show([delivered(NOON - 20_000, 1_234), caughtUp(NOON)]);
    const texts = await page
      .locator("#headline, #delivered, #lag, #spent, #left, #complete")
      .allTextContents();
    expect(texts).toEqual(["Caught up", "1,234", "0 s", "$12.34", "$37.66 left", "2026-11-23 12:00:00 UTC"]);
    expect(await page.title()).toBe("Caught up – Ingester");
    expect(complaints).toEqual([]);
  });

  it("draws sixty bars as high as the posts of their minutes", async () => {
    const clock = new ManualClock(NOON - MINUTE);
    const { page, status } = await show([delivered(NOON, 50)], { clock });
    await clock.advance(MINUTE);
    status.apply(delivered(NOON, 100));
    await page.reload();
    await page.locator("#updated", { hasText: "12:00:00" }).waitFor();
    const heights = await page
      .locator("#bars .bar")
      .evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute("height"))));
    expect(heights).toEqual([...new Array<number>(58).fill(0), 80, 160]);
    expect(await page.locator("#bars").getAttribute("aria-label")).toBe(
      "Bar chart of posts per minute: 150 in the last hour, at most 100 a minute.",
    );
  });

  it("says at which limit it pauses and until when, with the budget's bar full", async () => {
    const money = { ...MONEY, spentUsd: 50, leftUsd: 0, usedPercent: 100 };
    const limit: IngestEvent = {
      type: "limit_reached",
      limit: "MONTHLY_USD_LIMIT",
      renewsAtMs: MONEY.cycleEndMs,
    };
    const { page } = await show([limit], { money });
    expect(await page.locator("#headline").textContent()).toBe(
      "Paused at MONTHLY_USD_LIMIT until 2026-12-01 00:00 UTC",
    );
    expect(await page.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("100.0");
    expect(await page.locator("#state").getAttribute("data-tone")).toBe("warn");
  });

  it("says that no limit is set, and how to set one", async () => {
    const money = { ...MONEY, leftUsd: undefined, usedPercent: undefined };
    const { page } = await show([], { money });
    expect(await page.locator("#left").textContent()).toBe("No limit");
    expect(await page.locator("#renews").textContent()).toContain("MONTHLY_USD_LIMIT");
    expect(await page.getByRole("progressbar").count()).toBe(0);
  });

  it("shows what comes from outside as text, never as markup", async () => {
    const code = '<img src=x onerror="document.title=1">';
    const { page, complaints } = await show([{ ...RETRYING, code }]);
    expect(await page.locator("#error").textContent()).toContain(code);
    expect(await page.locator("#detail").textContent()).toContain(code);
    expect(await page.locator("img").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it("refreshes by itself", async () => {
    const { page, status } = await show([delivered(NOON, 1)]);
    status.apply(delivered(NOON, 2));
    await page.clock.runFor(REFRESH_MS);
    await page.locator("#delivered", { hasText: "3" }).waitFor();
  });

  it("says when it has lost contact, and that it is back", async () => {
    const { page, server, status } = await show([delivered(NOON, 1)]);
    const port = Number(new URL(page.url()).port);
    await server.close();
    await page.clock.runFor(REFRESH_MS);
    await page.getByRole("alert").filter({ hasText: "No contact with the ingester since" }).waitFor();
    expect(await page.locator("#delivered").textContent()).toBe("1");
    const next = new StatusServer({ status: () => status.snapshot(), scrub, logger: memoryLogger().logger });
    closing.push(() => next.close());
    await next.listen(port);
    await page.clock.runFor(REFRESH_MS);
    await page.locator("#contact").waitFor({ state: "hidden" });
  });

  it.each([320, 375, 1_200])("fits a width of %i pixels", async (width) => {
    const window = { newestId: "2099000000000000002", oldestDeliveredId: "2099000000000000001" };
    const position = { sinceId: "2098000000000000001", window, gaps: [] };
    const { page } = await show([delivered(NOON, 1, { page: { position } }), RETRYING], {}, width);
    const beyond = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    expect(beyond).toBeLessThanOrEqual(0);
  });

  it("keeps a readable contrast in light and dark", async () => {
    const { page } = await show([delivered(NOON, 1)]);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await page.evaluate(CONTRASTS)).toEqual([]);
    }
  });
});

/** Elements whose text has a contrast below 4.5 to 1 against the nearest background (WCAG 2.2, 1.4.3). */
const CONTRASTS = `(() => {
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  const linear = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const luminance = (color) => { const [r, g, b] = parts(color).map(linear); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const background = (element) => {
    for (let e = element; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (parts(c)[3] !== 0) return c; }
    return "rgb(255, 255, 255)";
  };
  return [...document.querySelectorAll("main *")]
    .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) && e.getClientRects().length)
    .map((e) => {
      const [low, high] = [luminance(getComputedStyle(e).color), luminance(background(e))].sort((a, b) => a - b);
      return [(e.id || e.className || e.tagName) + ": " + e.textContent.slice(0, 20), (high + 0.05) / (low + 0.05)];
    })
    .filter(([, ratio]) => ratio < 4.5);
})()`;
