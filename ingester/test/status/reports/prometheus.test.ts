import type { Ledger } from "../../../src/ledger/ledger";
import { PHASE_KINDS } from "../../../src/status/phase";
import { PrometheusText } from "../../../src/status/reports/prometheus";
import { delivered, interval, pass, read } from "../events";
import {
  CATS,
  coverageOf,
  DOGS,
  HOUR,
  ledgerWith,
  ManualClock,
  MINUTE,
  NOON,
  SECOND,
  TERMS,
  tracker,
} from "../helpers";

interface Family {
  readonly type: string;
  readonly help: string;
  /** By name with labels, as it is written. */
  readonly samples: ReadonlyMap<string, number>;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = `[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\\\\\|\\\\"|\\\\n)*"`;
const SAMPLE = new RegExp(
  `^(${NAME})(\\{${LABEL}(?:,${LABEL})*\\})? (-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?|NaN)$`,
);

/** The text format, strictly: prometheus.io/docs/instrumenting/exposition_formats, version 0.0.4. */
function parse(text: string): ReadonlyMap<string, Family> {
  const families = new Map<string, Family>();
  for (const block of text.trimEnd().split("\n\n")) {
    const [help = "", type = "", ...lines] = block.split("\n");
    const [, name = "", words = ""] = new RegExp(`^# HELP (${NAME}) (.+)$`).exec(help) ?? [];
    const [, kind = ""] = new RegExp(`^# TYPE ${name} (counter|gauge)$`).exec(type) ?? [];
    if (name === "" || kind === "" || families.has(name)) throw new Error(`no family: ${block}`);
    const samples = lines.map((line): [string, number] => {
      const match = SAMPLE.exec(line);
      if (match === null || match[1] !== name) throw new Error(`no sample of ${name}: ${line}`);
      return [`${match[1]}${match[2] ?? ""}`, Number(match[3])];
    });
    families.set(name, { type: kind, help: words, samples: new Map(samples) });
  }
  return families;
}

function samplesOf(families: ReadonlyMap<string, Family>): Readonly<Record<string, number>> {
  return Object.fromEntries([...families.values()].flatMap(({ samples }) => [...samples]));
}

const LEDGER = ledgerWith({
  coverage: [
    coverageOf(CATS, {
      owned: [interval(NOON - 4 * HOUR, NOON - 3 * HOUR), interval(NOON - HOUR, NOON - 5 * SECOND)],
    }),
  ],
  budget: {
    risks: [{ key: CATS.key, atMs: NOON, amounts: { posts: 100 } }],
    project: { posts: 5_000, others: 1_000, readAtMs: NOON },
  },
});

function scraped(status: ReturnType<typeof tracker>) {
  const prometheus = new PrometheusText();
  return async () => parse(await prometheus.render(status.snapshot()));
}

function watched(ledger: Ledger | undefined = LEDGER) {
  const status = tracker({ queries: [CATS, DOGS], ledger: () => ledger });
  return { status, scrape: scraped(status) };
}

describe("Prometheus text", () => {
  it("holds the figures of the status", async () => {
    const { status, scrape } = watched();
    const receipt = { records: 2, bytes: 6_000, deadLetters: 1, replacedCharacters: 4 };
    pass((event) => status.apply(event), delivered(NOON, 3, { receipt }));
    expect(samplesOf(await scrape())).toMatchObject({
      ingester_posts_read_total: 3,
      ingester_posts_delivered_total: 3,
      ingester_dead_letters_total: 1,
      ingester_replaced_characters_total: 4,
      ingester_losses_total: 0,
      ingester_firehose_requests_total: 1,
      ingester_firehose_records_total: 2,
      ingester_firehose_bytes_total: 6_000,
      ingester_ready: 1,
      ingester_caught_up: 0,
      ingester_spent_usd: 12.34,
      ingester_spent_posts: 2_468,
      ingester_at_risk_usd: 0.5,
      ingester_reserved_usd: 0,
      ingester_others_posts: 1_000,
      ingester_left_usd: 32.16,
      ingester_budget_used_ratio: 0.3568,
    });
  });

  it("has the name of the query as a label, with figures of its own", async () => {
    const { status, scrape } = watched();
    pass((event) => status.apply(event), delivered(NOON, 3));
    pass((event) => status.apply(event), delivered(NOON, 5, { query: DOGS }));
    const families = await scrape();
    expect(samplesOf(families)).toMatchObject({
      'ingester_query_posts_read_total{query="cats"}': 3,
      'ingester_query_posts_read_total{query="dogs"}': 5,
      'ingester_query_posts_delivered_total{query="dogs"}': 5,
      'ingester_query_lag_seconds{query="cats"}': 5,
      'ingester_query_holes_open{query="cats"}': 1,
      'ingester_query_holes_open{query="dogs"}': 0,
      'ingester_query_complete_up_to_timestamp_seconds{query="cats"}': (NOON - 3 * HOUR) / 1_000,
    });
    expect([...(families.get("ingester_query_lag_seconds")?.samples.keys() ?? [])]).toEqual([
      'ingester_query_lag_seconds{query="cats"}',
    ]);
  });

  it("calls what only grows a counter, and everything else a gauge", async () => {
    const families = await watched().scrape();
    for (const [name, { type, help }] of families) {
      expect([name, type]).toEqual([name, name.endsWith("_total") ? "counter" : "gauge"]);
      expect(help).toMatch(/\.$/);
    }
  });

  it("has exactly one state", async () => {
    const { status, scrape } = watched();
    status.apply(read(NOON, 1));
    const samples = (await scrape()).get("ingester_state")?.samples ?? new Map<string, number>();
    expect([...samples.keys()]).toEqual(PHASE_KINDS.map((kind) => `ingester_state{state="${kind}"}`));
    expect([...samples].filter(([, value]) => value !== 0)).toEqual([['ingester_state{state="reading"}', 1]]);
  });

  it("counts on from scrape to scrape", async () => {
    const { status, scrape } = watched();
    pass((event) => status.apply(event), delivered(NOON, 3));
    await scrape();
    pass((event) => status.apply(event), delivered(NOON, 4));
    expect(samplesOf(await scrape())).toMatchObject({
      ingester_posts_read_total: 7,
      'ingester_query_posts_read_total{query="cats"}': 7,
    });
  });

  it("leaves out what is not known", async () => {
    const status = tracker({ ledger: () => undefined });
    const names = Object.keys(samplesOf(await scraped(status)()));
    expect(names.filter((name) => /usd|left|budget|others|last_error|lag|complete/.test(name))).toEqual([]);
  });

  it("says when the money ends, once that is known", async () => {
    const clock = new ManualClock();
    let posts = 1_000;
    const ledger = () => ledgerWith({ budget: { spent: [{ key: CATS.key, amounts: { posts } }] } });
    const status = tracker({ clock, ledger, terms: { ...TERMS, limits: { monthlyPosts: 10_000 } } });
    const scrape = scraped(status);
    status.apply(read(NOON, 1));
    expect(samplesOf(await scrape())).not.toHaveProperty("ingester_budget_runs_out_timestamp_seconds");
    posts = 2_000;
    await clock.advance(60 * MINUTE);
    expect(samplesOf(await scrape())).toHaveProperty(
      "ingester_budget_runs_out_timestamp_seconds",
      (NOON + 9 * HOUR) / 1_000,
    );
  });

  it("stays readable whatever a query is called", async () => {
    const name = 'a "quoted" \\ name\nin two lines {x="y"} 天気';
    const status = tracker({ queries: [{ ...CATS, name }] });
    const escaped = name.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
    expect(samplesOf(await scraped(status)())).toHaveProperty([
      `ingester_query_holes_open{query="${escaped}"}`,
    ]);
  });

  it("has cheap figures of the process", async () => {
    const samples = samplesOf(await watched().scrape());
    expect(samples.process_resident_memory_bytes).toBeGreaterThan(1e6);
    expect(samples.process_cpu_seconds_total).toBeGreaterThan(0);
    expect(samples.process_start_time_seconds).toBe(NOON / 1_000);
  });
});
