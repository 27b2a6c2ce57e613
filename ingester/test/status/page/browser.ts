/** The status page in Chromium; skipped, and said so, where there is none. */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { StatusServer } from "../../../src/status/http/server";
import type { StatusTracker } from "../../../src/status/tracker";
import { memoryLogger, scrub } from "../helpers";

/** Debian's two: the same engine, but the first one has no window to draw, which takes a third of the CPU. */
const BROWSERS = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];
export const CHROMIUM = process.env.CHROMIUM_PATH || BROWSERS.find(existsSync) || BROWSERS.join(" or ");
export const FLAGS = [
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
export const REFRESH_MS = 5_000;
const HOST = "127.0.0.1";

export interface Shown {
  readonly page: Page;
  readonly server: StatusServer;
  /** Console errors, exceptions and requests that leave the server. */
  readonly complaints: string[];
  /** What elements say, by their ids. */
  readonly texts: (...ids: readonly string[]) => Promise<readonly string[]>;
}

export type Show = (status: StatusTracker, width?: number) => Promise<Shown>;

/** Describes the page in a browser of its own; everything that is opened is closed after each test. */
export function describePage(name: string, tests: (show: Show, serve: typeof listenAt) => void): void {
  const installed = existsSync(CHROMIUM);
  if (!installed) process.stderr.write(`Skipped: ${name} (no Chromium at ${CHROMIUM}).\n`);
  // Without a browser there is no page to look at; the gate installs one.
  (installed ? describe : describe.skip)(name, () => {
    let browser: Browser;
    const closing: (() => Promise<unknown>)[] = [];

    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    }, 30_000);
    afterAll(() => browser.close());
    afterEach(async () => {
      for (const close of closing.splice(0)) await close();
    });

    tests(
      async (status, width = 1_200) => {
        const { server, url } = await listenAt(status);
        const page = await browser.newPage({ viewport: { width, height: 900 } });
        closing.push(
          () => page.close(),
          () => server.close(),
        );
        const complaints = complaintsOf(page, url);
        await page.clock.install();
        await page.goto(url);
        await page.locator("#updated", { hasText: "Updated" }).waitFor();
        const texts = (...ids: readonly string[]) =>
          Promise.all(ids.map(async (id) => (await page.locator(`#${id}`).textContent()) ?? ""));
        return { page, server, complaints, texts };
      },
      async (status, port) => {
        const served = await listenAt(status, port);
        closing.push(() => served.server.close());
        return served;
      },
    );
  });
}

/** @param port 0 for any free one */
export async function listenAt(
  status: StatusTracker,
  port = 0,
): Promise<{ server: StatusServer; url: string }> {
  const server = new StatusServer({ status: () => status.snapshot(), scrub, logger: memoryLogger().logger });
  return { server, url: `http://${HOST}:${await server.listen(port, HOST)}/` };
}

function complaintsOf(page: Page, url: string): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => !request.url().startsWith(url) && complaints.push(request.url()));
  return complaints;
}
