import type { Page } from "playwright-core";
import { describePage, REFRESH_MS } from "./browser";
import { RARE_SCENES } from "./rare-scenes";
import { play, SCENES, STREAM_SCENES } from "./scenes";

/** Ratios of WCAG 2.2: 1.4.3 for text, 1.4.11 for everything else that carries meaning. */
const TEXT = 4.5;
const GRAPHICS = 3;

/** Luminance and contrast as WCAG 2.2 defines them, and the nearest opaque background. */
const COLOURS = `
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  const linear = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const luminance = (color) => { const [r, g, b] = parts(color).map(linear); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const isSeen = (color) => parts(color)[3] !== 0;
  const contrast = (a, b) => { const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y); return (high + 0.05) / (low + 0.05); };
  const background = (element) => {
    for (let e = element; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (isSeen(c)) return c; }
    return "rgb(255, 255, 255)";
  };
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.getClientRects().length > 0);
`;

/** Texts, with their contrast against what lies behind them. */
const TEXTS = `(() => { ${COLOURS}
  return shown("main *")
    .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
    .map((e) => [(e.id || e.className || e.tagName) + ": " + e.textContent.slice(0, 20), contrast(getComputedStyle(e).color, background(e))]);
})()`;

/** Borders, bars and patterns, with the contrast of their strongest colour against the card they lie on. */
const GRAPHIC_PARTS = `(() => { ${COLOURS}
  const colours = (e) => {
    const { backgroundColor, backgroundImage, boxShadow, borderTopColor, borderTopWidth, borderLeftColor, borderLeftWidth } = getComputedStyle(e);
    const own = [backgroundColor, ...(backgroundImage + boxShadow).match(/rgba?\\([^)]*\\)/g) ?? []];
    if (borderTopWidth !== "0px") own.push(borderTopColor);
    if (borderLeftWidth !== "0px") own.push(borderLeftColor);
    return own.filter(isSeen);
  };
  return shown(".card, .light, .track, .stretch, .share, .swatch, .minute.some, .minute.nodata, .plot, .tick, .figures, .rows div, .actions li")
    .map((e) => [e.className, Math.max(0, ...colours(e).map((c) => contrast(c, background(e.parentElement))))]);
})()`;

const SHAPE = `(() => {
  const { clipPath, borderRadius, borderStyle } = getComputedStyle(document.querySelector(".light"));
  return [clipPath, borderRadius, borderStyle].join();
})()`;

/** Longer runs of characters without a space may be broken: they are names and texts from outside. */
const WORD = 24;
const WIDTHS = [280, 400, 800, 1_200];

/** Words, dates and figures with their units that are broken over two lines, and texts that leave their card. */
const BROKEN = `(() => {
  const phrases = /\\d{4}-\\d\\d-\\d\\d|\\d\\d:\\d\\d(:\\d\\d)? UTC|\\d (d|h|min|s|k?B|[MGT]B|posts?|records?)\\b|--[a-z-]+|[$\\w.,%]+/g;
  const faults = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const box = (node.parentElement.closest(".card, header, footer") ?? document.body).getBoundingClientRect();
    for (const { 0: phrase, index } of node.textContent.matchAll(phrases)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + phrase.length);
      const rects = [...range.getClientRects()];
      const lines = new Set(rects.map(({ top }) => Math.round(top)));
      const run = /\\S*$/.exec(node.textContent.slice(0, index))[0].length + /^\\S*/.exec(node.textContent.slice(index))[0].length;
      if (lines.size > 1 && run <= ${WORD}) faults.push("broken: " + phrase);
      if (rects.some(({ left, right }) => left < box.left - 1 || right > box.right + 1)) faults.push("leaves its card: " + phrase.slice(0, 40));
    }
  }
  return faults;
})()`;

interface LayoutFault {
  readonly width: number;
  readonly fault: string;
}

async function faultsOfLayout(page: Page): Promise<readonly LayoutFault[]> {
  const faults: LayoutFault[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const beyond = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    const found = (await page.evaluate(BROKEN)) as readonly string[];
    const all = beyond === 0 ? found : [`${beyond} pixels wider than the window`, ...found];
    faults.push(...all.map((fault) => ({ width, fault })));
  }
  return faults;
}

async function faultsOfColour(page: Page): Promise<Measured> {
  const faults: Measured[number][] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    faults.push(...(await tooFaint(page, TEXTS, TEXT)), ...(await tooFaint(page, GRAPHIC_PARTS, GRAPHICS)));
  }
  return faults;
}

type Measured = readonly (readonly [string, number])[];

async function tooFaint(page: Page, script: string, least: number): Promise<Measured> {
  const measured = (await page.evaluate(script)) as Measured;
  expect(measured.length).toBeGreaterThan(10);
  return measured.filter(([, ratio]) => ratio < least);
}

describePage("the look of the status page", (show) => {
  it("shows each scene at 280 to 1,200 pixels: nothing is cut off or broken, contrast is enough", async () => {
    const { page, complaints } = await show(await play());
    const faults: unknown[] = [];
    for (const [scene, parts] of Object.entries({ ...SCENES, ...STREAM_SCENES, ...RARE_SCENES })) {
      const status = (await play(parts)).snapshot();
      await page.evaluate(`show(${JSON.stringify(status)})`);
      faults.push(...(await faultsOfLayout(page)).map((fault) => ({ scene, ...fault })));
      faults.push(...(await faultsOfColour(page)).map((fault) => ({ scene, fault })));
    }
    expect(faults).toEqual([]);
    expect(complaints).toEqual([]);
  }, 120_000);

  it("keeps contrast and width without contact", async () => {
    const { page, server } = await show(await play(SCENES["several queries"]), 280);
    await server.close();
    await page.clock.runFor(REFRESH_MS);
    await page.locator("#word", { hasText: "No contact" }).waitFor();
    expect(await faultsOfLayout(page)).toEqual([]);
    expect(await faultsOfColour(page)).toEqual([]);
  });

  it("gives each light a shape of its own", async () => {
    const shapes = new Set<string>();
    for (const name of ["starting", "caught up", "waiting for X", "failed"]) {
      const { page } = await show(await play(SCENES[name]));
      shapes.add((await page.evaluate(SHAPE)) as string);
    }
    expect(shapes.size).toBe(4);
  });

  it("is used by keyboard alone: everything that can be operated is reached, with a visible focus", async () => {
    const { page } = await show(await play(SCENES["several queries"]));
    const reached: string[] = [];
    for (let i = 0; i < 6; i += 1) {
      await page.keyboard.press("Tab");
      const { name, outline } = (await page.evaluate(
        "({ name: document.activeElement.tagName + (document.activeElement.pathname ?? ''), outline: getComputedStyle(document.activeElement).outlineStyle })",
      )) as { name: string; outline: string };
      expect([name, outline]).toEqual([name, "solid"]);
      reached.push(name);
    }
    expect(reached).toEqual(["SUMMARY", "INPUT", "A/status.json", "A/metrics", "A/healthz", "A/readyz"]);
  });
});
