import { caughtUp, delivered, RETRYING, read } from "../events";
import { CATS, NOON, SECOND } from "../helpers";
import { describePage, REFRESH_MS } from "./browser";
import { play, SCENES, STREAM_SCENES } from "./scenes";

describePage("the state on the status page", (show, serve) => {
  it.each([
    ["starting", "…", "Please wait", "Starting", "Nothing."],
    ["reading", "✓", "OK", "Reading", "Nothing."],
    ["caught up", "✓", "OK", "Caught up", "Nothing."],
    ["delivering", "!", "Attention", "Delivering", "Nothing for now"],
    [
      "paused at a limit",
      "!",
      "Attention",
      "Paused at MONTHLY_USD_LIMIT until 2026-12-01 00:00 UTC",
      "raise MONTHLY_USD_LIMIT and start the ingester again",
    ],
    ["waiting for X", "!", "Attention", "Waiting for X until 2026-11-23 12:09 UTC", "Nothing for now"],
    [
      "waiting for a person",
      "✕",
      "Action needed",
      "Waiting for X until 2026-11-23 12:09 UTC",
      "Buy credit in X's developer console.Runbook (docs/runbook.md): no-posts",
    ],
    ["delivery failing", "✕", "Action needed", "Delivery is failing", "task role"],
    ["store failing", "✕", "Action needed", "The ledger cannot be reached", "Check the table"],
    ["failed", "✕", "Action needed", "Stopped by an error", "Find the cause"],
  ])("says by sign, word, title and action what is so: %s", async (scene, sign, word, headline, action) => {
    const { page, texts, complaints } = await show(await play(SCENES[scene]));
    expect(await texts("sign", "word", "headline")).toEqual([sign, word, headline]);
    expect(await page.title()).toBe(`${sign} ${headline} – Ingester`);
    expect(await page.locator("section", { hasText: "What to do" }).textContent()).toContain(action);
    expect(await page.locator("#no-action").isVisible()).toBe(action.startsWith("Nothing"));
    expect(complaints).toEqual([]);
  });

  it("says since when, and when it polls next", async () => {
    const { texts } = await show(await play({ events: [[20 * SECOND, caughtUp(NOON - 20 * SECOND)]] }));
    expect(await texts("timing")).toEqual([
      "Since 2026-11-23 11:59:40 UTC (20 s). Next poll in 40 s, at 2026-11-23 12:00:40 UTC.",
    ]);
  });

  it.each(["delivering", "delivery failing", "store failing", "paused at a limit", "waiting for a person"])(
    "never says caught up while %s",
    async (name) => {
      const events = SCENES[name]?.events ?? [];
      const scene = { ...SCENES[name], events: [[40 * 60 * SECOND, caughtUp(NOON)] as const, ...events] };
      const { page } = await show(await play(scene));
      expect(await page.locator("main").innerText()).not.toMatch(/caught up/i);
    },
  );

  it("says what the last error means, when it was, and which section of the runbook continues", async () => {
    const { texts } = await show(await play(SCENES["waiting for X"]));
    expect(await texts("error", "error-meaning", "error-runbook", "error-time")).toEqual([
      "X answered 429 on tweets/search/recent: window_limit.",
      "X's rate limit is used up. It renews within 15 minutes.",
      "Runbook (docs/runbook.md): no-posts",
      "1 min ago, 2026-11-23 11:59:00 UTC",
    ]);
  });

  it("shows connection, next attempt and holes of the filtered stream, and nothing of it for searches", async () => {
    const { texts, complaints } = await show(await play(STREAM_SCENES["not connected"]));
    expect(await texts("headline", "live-since", "live-next", "live-ends")).toEqual([
      "Not connected until 2026-11-23 12:03:20 UTC",
      "none since 2026-11-23 11:40:00 UTC (20 min)",
      "in 3 min 20 s, at 2026-11-23 12:03:20 UTC. Why it waits: X answered 503.",
      "1, the last at 2026-11-23 11:40:00 UTC: X ended the connection",
    ]);
    const [list] = await texts("live-list");
    expect(list).toMatch(/Being left: .*Open: .*1 of 2 rules searched for.*Filled by search: .*sampled cats/);
    expect(complaints).toEqual([]);
    const { page } = await show(await play(SCENES["caught up"]));
    expect(await page.locator("#live").isVisible()).toBe(false);
  });

  it("names version and delivery stream", async () => {
    const { texts } = await show(await play());
    expect(await texts("about", "uptime")).toEqual([
      "Delivers to tweet_stream. Version 1.2.3.",
      "Running for 40 min",
    ]);
  });

  it("shows what comes from outside as text, never as markup", async () => {
    const code = '<img src=x onerror="document.title=1">';
    const queries = [{ ...CATS, name: code, query: code }];
    const status = await play({ parts: { queries }, events: [[0, { ...RETRYING, code }]] });
    const { page, texts, complaints } = await show(status);
    for (const text of await texts("error", "detail", "queries")) expect(text).toContain(code);
    expect(await page.locator("img").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it("refreshes by itself", async () => {
    const status = await play({ events: [[0, delivered(NOON, 1)]] });
    const { page } = await show(status);
    status.apply(delivered(NOON, 2));
    await page.clock.runFor(REFRESH_MS);
    await page.locator("#delivered", { hasText: "3" }).waitFor();
  });

  it("changes light, words and title when it loses contact, and back again", async () => {
    const status = await play(SCENES["caught up"]);
    const { page, server, texts } = await show(status);
    const port = Number(new URL(page.url()).port);
    await server.close();
    await page.clock.runFor(REFRESH_MS);
    await page.locator("#word", { hasText: "No contact" }).waitFor();
    expect(await page.title()).toBe("? No contact with the ingester – Ingester");
    expect(await page.locator("#state").getAttribute("data-light")).toBe("none");
    expect((await texts("detail"))[0]).toMatch(/^No answer since .+\. Last known then: Caught up\./);
    expect((await texts("actions"))[0]).toContain("Check that the ingester runs");
    await serve(status, port);
    await page.clock.runFor(REFRESH_MS);
    await page.locator("#word", { hasText: "OK" }).waitFor();
    expect(await page.title()).toBe("✓ Caught up – Ingester");
  });

  it("asks again in the background, because the title of the tab shows the state", async () => {
    const status = await play(SCENES["caught up"]);
    const { page } = await show(status);
    await page.evaluate("Object.defineProperty(document, 'hidden', { value: true })");
    status.apply(read(NOON, 1));
    await page.clock.runFor(REFRESH_MS);
    while (!(await page.title()).includes("Reading")) await new Promise((done) => setTimeout(done, 20));
  });
});
