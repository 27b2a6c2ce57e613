import type { Page } from "playwright-core";
import { describePage, REFRESH_MS } from "./browser";
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

type Measured = readonly (readonly [string, number])[];

async function tooFaint(page: Page, script: string, least: number): Promise<Measured> {
  const measured = (await page.evaluate(script)) as Measured;
  expect(measured.length).toBeGreaterThan(10);
  return measured.filter(([, ratio]) => ratio < least);
}

describePage("the look of the status page", (show) => {
  describe.each(Object.entries({ ...SCENES, listening: STREAM_SCENES.listening }))("%s", (_name, scene) => {
    it("fits 280, 400 and 1,200 pixels without horizontal scrolling, with enough contrast in light and dark", async () => {
      const { page } = await show(await play(scene), 280);
      for (const width of [280, 400, 1_200]) {
        await page.setViewportSize({ width, height: 900 });
        const beyond = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
        expect([width, beyond]).toEqual([width, 0]);
      }
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await tooFaint(page, TEXTS, TEXT)).toEqual([]);
        expect(await tooFaint(page, GRAPHIC_PARTS, GRAPHICS)).toEqual([]);
      }
    });
  });

  it("keeps contrast and width without contact", async () => {
    const { page, server } = await show(await play(SCENES["several queries"]), 280);
    await server.close();
    await page.clock.runFor(REFRESH_MS);
    await page.locator("#word", { hasText: "No contact" }).waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await tooFaint(page, TEXTS, TEXT)).toEqual([]);
      expect(await tooFaint(page, GRAPHIC_PARTS, GRAPHICS)).toEqual([]);
    }
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
