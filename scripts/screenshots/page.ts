/** The status page in Chromium. */
import { spawnSync } from "node:child_process";
import { chromium } from "playwright-core";
import { delivered } from "../../ingester/test/status/events";
import { MINUTE, NOON } from "../../ingester/test/status/helpers";
import { CHROMIUM, FLAGS, listenAt } from "../../ingester/test/status/page/browser";
import { play, type Scene, TORN_LEDGER } from "../../ingester/test/status/page/scenes";

const VIEWPORT = { width: 1_100, height: 1_200 };
const MARGIN = 14;

/** Holes are being filled, and posts come in every minute. */
const SCENE: Scene = {
  parts: { ledger: () => TORN_LEDGER },
  events: Array.from({ length: 36 }, (_, i) => {
    const agoMs = (38 - i) * MINUTE;
    return [agoMs, delivered(NOON - agoMs, 60 + ((i * 37) % 50))] as const;
  }),
};

/** @returns a PNG */
export async function takePage(colorScheme: "light" | "dark"): Promise<Buffer> {
  const { server, url } = await listenAt(await play(SCENE));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  try {
    const page = await browser.newPage({ viewport: VIEWPORT, colorScheme });
    await page.goto(url);
    await page.locator("#updated", { hasText: "Updated" }).waitFor();
    const { y = 0, height = 0 } = (await page.locator("#queries").boundingBox()) ?? {};
    const clip = { x: 0, y: 0, width: VIEWPORT.width, height: Math.ceil(y + height + MARGIN) };
    return smaller(await page.screenshot({ clip }));
  } finally {
    await browser.close();
    await server.close();
  }
}

/** A third of the size by pngquant, where it is installed. */
function smaller(png: Buffer): Buffer {
  const { status, stdout } = spawnSync("pngquant", ["--speed", "1", "--strip", "-"], { input: png });
  return status === 0 ? stdout : png;
}
