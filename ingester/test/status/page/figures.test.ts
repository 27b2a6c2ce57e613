import type { CollectEvent } from "../../../src/loop/events";
import { delivered, read } from "../events";
import { CATS, DOGS, HOUR, ledgerWith, MINUTE, NOON, TERMS } from "../helpers";
import { describePage } from "./browser";
import { BUSY, LONG, play, SCENES, type Scene, TORN_LEDGER } from "./scenes";

/** The chart's heights in percent, oldest minute first. */
const HEIGHTS = "[...document.querySelectorAll('.minute')].map((bar) => Number.parseFloat(bar.style.height))";

/** The patterns of the legend without their colours: shapes alone have to tell them apart. */
const LOOKS = `[...document.querySelectorAll(".legend .swatch")].map((swatch) => {
  const { backgroundImage, backgroundSize, boxShadow } = getComputedStyle(swatch);
  return [backgroundImage, backgroundSize, boxShadow].join().replace(/rgba?\\([^)]*\\)/g, "");
})`;

/** Where each stretch begins and ends, in percent of the timeline, and its width in pixels. */
const BOXES = `[...document.querySelectorAll(".stretch")].map((one) => {
  const track = one.parentElement.getBoundingClientRect();
  const { left, right, width } = one.getBoundingClientRect();
  const percent = (x) => Math.round((100 * (x - track.left)) / track.width);
  return { state: one.className, from: percent(left), to: percent(right), width };
})`;

interface Box {
  readonly state: string;
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

const WIDTHS = "[...document.querySelectorAll('#budget-bar .share')].map((share) => share.style.width)";

function minutes(counts: readonly number[]): Scene {
  const events = counts.map((posts, i): readonly [number, CollectEvent] => [
    (counts.length - 1 - i) * MINUTE,
    delivered(NOON, posts),
  ]);
  return { events };
}

describePage("the chart of the status page", (show) => {
  it("draws each minute on a linear scale, and those before the start as no data", async () => {
    const { page, texts } = await show(await play(minutes([50, 0, 100])));
    const heights = (await page.evaluate(HEIGHTS)) as number[];
    expect(heights).toHaveLength(60);
    expect(heights.slice(-4)).toEqual([0, 50, 0, 100]);
    expect(await page.locator(".minute.nodata").count()).toBe(19);
    expect(await texts("chart-note", "chart-scale", "chart-nodata")).toEqual([
      "150 in the last 41 minutes, at most 100 in one.",
      "",
      "Hatched: no data, the ingester started at 11:20 UTC.",
    ]);
  });

  it("keeps small minutes visible beside a catch-up, on a logarithmic scale that it names", async () => {
    const { page, texts } = await show(await play(minutes([50, 9_999, 9_000, 50, 50, 0])));
    const heights = (await page.evaluate(HEIGHTS)) as number[];
    expect(heights.slice(-6).map(Math.round)).toEqual([43, 100, 99, 43, 43, 0]);
    expect((await texts("chart-scale"))[0]).toMatch(/^Logarithmic scale/);
    expect(await page.locator("#ticks span").allTextContents()).toEqual(["0", "10", "100", "1K", "10K"]);
  });

  it.each([
    ["one minute of the catch-up has few posts", [3, 9_000, 9_000, 9_000], "Logarithmic"],
    ["posts come steadily", [40, 60, 50, 100], ""],
    ["nothing comes", [0, 0, 0], ""],
  ])("chooses its scale when %s", async (_what, counts, scale) => {
    const { texts } = await show(await play(minutes(counts)));
    expect((await texts("chart-scale"))[0]).toMatch(new RegExp(`^${scale}`));
    expect((await texts("chart-scale"))[0] === "").toBe(scale === "");
  });

  it("gives the value of each minute to the keyboard", async () => {
    const { page, texts } = await show(await play(minutes([50, 1, 100])));
    const slider = page.getByLabel("Value of a minute");
    await slider.focus();
    expect(await texts("minute-value")).toEqual(["12:00 UTC (running): 100 posts"]);
    await page.keyboard.press("ArrowLeft");
    expect(await texts("minute-value")).toEqual(["11:59 UTC: 1 post"]);
    expect(await slider.getAttribute("aria-valuetext")).toBe("11:59 UTC: 1 post");
    await page.keyboard.press("Home");
    expect(await texts("minute-value")).toEqual(["11:01 UTC: no data, before the start"]);
  });
});

describePage("the coverage on the status page", (show) => {
  it("draws every kind of stretch with a pattern and a word of its own", async () => {
    const { page } = await show(await play(SCENES["catching up with holes"]));
    expect(await page.locator(".legend li").allTextContents()).toEqual([
      "delivered",
      "not read yet",
      "being bought",
      "hole",
      "lost",
    ]);
    const looks = (await page.evaluate(LOOKS)) as string[];
    expect(new Set(looks).size).toBe(5);
  });

  it("lists what is missing, newest first, with times, length and who buys it", async () => {
    const { page } = await show(await play(SCENES["catching up with holes"]));
    const who = (command: string) => `${command}, process 4711 on worker-1, since 2026-11-23 08:00:00 UTC`;
    expect(await page.locator(".missing li").allTextContents()).toEqual([
      "Not read yet: 2026-11-23 11:58:00 to 12:00:00 UTC, 2 min.",
      `Being bought: 2026-11-23 07:00 to 08:00 UTC, 1 h. By ${who("run")}.`,
      `Hole: 2026-11-22 06:00 to 16:00 UTC, 10 h. Claimed by ${who("backfill")}.`,
      "Lost: 2026-11-19 12:00 to 2026-11-20 12:00 UTC, 1 d. It is older than the 7 days that recent search reaches; " +
        "backfill --full-archive can still buy these posts.",
    ]);
  });

  it("draws stretches where they lie in time, and a short one wide enough to be seen", async () => {
    const { page } = await show(await play(SCENES["catching up with holes"]));
    const boxes = (await page.evaluate(BOXES)) as Box[];
    expect(boxes[0]).toMatchObject({ state: "stretch lost", from: 0, to: 25 });
    expect(boxes[2]).toMatchObject({ state: "stretch hole", from: 69, to: 79 });
    const unread = boxes.at(-1);
    expect(unread).toMatchObject({ state: "stretch unread", to: 100 });
    expect(unread?.width).toBeGreaterThanOrEqual(4);
  });

  it("says since when nothing is missing", async () => {
    const { page } = await show(await play(SCENES["caught up"]));
    expect(await page.locator("[data-part=since]").allTextContents()).toEqual([
      "Nothing is missing since 2026-11-20 12:00 UTC.",
    ]);
    expect(await page.locator(".missing li").count()).toBe(0);
  });

  it("has a card with figures for each query, and folds a long text", async () => {
    const { page } = await show(await play(SCENES["several queries"]));
    const cards = page.locator("#queries .card");
    expect(await cards.locator("h2").allTextContents()).toEqual([
      `Coverage of ${DOGS.name}`,
      `Coverage of ${CATS.name}`,
      `Coverage of ${LONG.name}`,
    ]);
    expect(await cards.locator("[data-part=state]").allTextContents()).toEqual(["Caught up", "Behind", ""]);
    expect(await cards.locator("[data-part=holes]").allTextContents()).toEqual([
      "0",
      "2, and 1 lost range",
      "0",
    ]);
    expect(await cards.locator("[data-part=posts]").allTextContents()).toEqual([
      "0 delivered of 0 read",
      "0 delivered of 0 read",
      "5 delivered of 5 read",
    ]);
    expect(await cards.locator("[data-part=complete]").allTextContents()).toEqual([
      "2026-11-23 12:00:00 UTC",
      "2026-11-22 06:00:00 UTC",
      "not known yet",
    ]);
    const full = page.locator("details p", { hasText: LONG.query });
    expect(await full.isVisible()).toBe(false);
    await page.locator("summary:visible").press("Enter");
    expect(await full.isVisible()).toBe(true);
  });
});

describePage("the budget on the status page", (show) => {
  const LASTING = { ...TERMS, limits: { monthlyUsd: 50, monthlyPosts: 10_000 } };

  it("distinguishes ours, at risk, reserved and others, and names every limit with its value", async () => {
    const parts = { terms: LASTING, ledger: () => BUSY };
    const { page, texts } = await show(await play({ parts }));
    expect(await page.locator("#shares li").allTextContents()).toEqual([
      "Ours: $12.34, 2,468 postssettled, by everything that uses this ledger",
      "At risk: $0.50, 100 postsanswers that never arrived: X may have billed them",
      "Reserved: $0.50, 100 postsrequests under way",
      "Others: $26.00, 5,200 postsother programs of the X project, by X's figure of 2026-11-23 11:40 UTC; counts against the limits",
    ]);
    expect(await page.locator("#limits li").allTextContents()).toEqual([
      "MONTHLY_POST_LIMIT = 10,000 posts: 78.7\u00a0% used, 2,132 posts left.",
      "MONTHLY_USD_LIMIT = $50.00: 78.7\u00a0% used, $10.66 left.",
    ]);
    expect(await texts("left", "rate", "cycle")).toEqual([
      "2,132 posts, $10.66",
      "The time at which a limit runs out is shown after one hour.",
      "The next billing cycle starts on 2026-12-01 00:00 UTC.",
    ]);
  });

  it("draws the shares of the tightest limit to scale", async () => {
    const { page } = await show(await play());
    expect(await page.evaluate(WIDTHS)).toEqual(["24.68%", "1%", "1%", "52%"]);
    expect(await page.locator("#budget-bar").getAttribute("aria-label")).toBe(
      "MONTHLY_USD_LIMIT: 78.7\u00a0% used",
    );
  });

  it("says that others do not count when only our own do", async () => {
    const { page } = await show(await play({ parts: { terms: { ...TERMS, scope: "own" } } }));
    expect(await page.locator("#shares").innerText()).toContain("does not count (LIMIT_SCOPE=own)");
    expect(await page.locator("#budget-bar .share").count()).toBe(3);
  });

  it.each([
    ["before the cycle turns", 1_000, "runs out on 2026-11-23 20:00 UTC (in 8 h)"],
    ["after the cycle has turned", 10, "lasts until the next billing cycle"],
  ])("says when the money ends: %s", async (_what, postsPerHour, words) => {
    let posts = 2_000 - postsPerHour;
    const ledger = () => ledgerWith({ budget: { spent: [{ key: CATS.key, amounts: { posts } }] } });
    const parts = { ledger, terms: { ...TERMS, limits: { monthlyPosts: 10_000 } } };
    const status = await play({ parts, events: [[HOUR, read(NOON - HOUR, 0)]] });
    posts = 2_000;
    const { page, texts } = await show(status);
    expect(await page.locator("#limits li").allTextContents()).toEqual([
      `MONTHLY_POST_LIMIT = 10,000 posts: 20.0\u00a0% used, 8,000 posts left, ${words}.`,
    ]);
    expect((await texts("rate"))[0]).toBe(
      `Estimated from the last 1 h: $${(postsPerHour * 0.005).toFixed(2)} an hour, ` +
        `${postsPerHour.toLocaleString("en-US")} posts an hour, as if it went on like that.`,
    );
  });

  it("says that no limit is set, and which variables set one", async () => {
    const parts = { terms: { ...TERMS, limits: {} }, ledger: () => TORN_LEDGER };
    const { page, texts } = await show(await play({ parts }));
    expect((await texts("rate"))[0]).toMatch(
      /^No monthly limit is set: .*MONTHLY_USD_LIMIT or MONTHLY_POST_LIMIT/,
    );
    expect(await texts("left", "left-note")).toEqual(["No limit", ""]);
    expect(await page.locator("#shares").innerText()).not.toContain("limits");
    expect(await page.locator("#budget-bar").isVisible()).toBe(false);
  });
});
