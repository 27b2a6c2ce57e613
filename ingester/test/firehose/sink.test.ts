import { MAX_RECORD_BYTES } from "../../src/firehose/limits";
import { createFirehoseSink, type FirehoseSinkOptions } from "../../src/firehose/sink";
import { AccessError, DeliveryError } from "../../src/loop/errors";
import type { CollectEvent } from "../../src/loop/events";
import { encodePage } from "../../src/posts/line";
import { FakeClock } from "../helpers/fake-clock";
import { FakeFirehose, failure, type PutAnswer } from "../helpers/fake-firehose";
import { lineOf, pageOf } from "../helpers/posts";

const TARGET = { streamName: "tweet_stream", region: "eu-central-1", endpointUrl: "http://127.0.0.1:4566" };
const { signal } = new AbortController();

function setUp(
  script: PutAnswer[] = [],
  options: Partial<FirehoseSinkOptions> & { otherwise?: PutAnswer } = {},
) {
  const api = new FakeFirehose(script, options.otherwise);
  const clock = new FakeClock();
  const events: CollectEvent[] = [];
  const observe = (event: CollectEvent) => events.push(event);
  const sink = createFirehoseSink({ target: TARGET, api, clock, observe, random: () => 1, ...options });
  return { sink, api, clock, events };
}

describe("createFirehoseSink", () => {
  it("delivers an X page of 100 ordinary posts in one request", async () => {
    const { sink, api } = setUp();
    const lines = pageOf(100);
    const receipt = await sink.deliver(lines, signal);
    expect(api.ids).toEqual(lines.map(({ post }) => post.id));
    expect(receipt).toEqual({
      requests: 1,
      records: 1,
      bytes: Buffer.byteLength(api.taken.join("")),
      resentRecords: 0,
      deadLetters: 0,
    });
  });

  it("keeps pages apart that are delivered at once, or one after the other in the same memory", async () => {
    const { sink, api } = setUp();
    const pages = [pageOf(100), pageOf(7), pageOf(50)];
    await Promise.all(pages.slice(0, 2).map((lines) => sink.deliver(lines, signal)));
    await sink.deliver(pages[2] ?? [], signal);
    const expected = pages.map((lines) => encodePage(lines, MAX_RECORD_BYTES).data.toString());
    expect(api.taken.join("")).toBe(expected.join(""));
  });

  it("asks for nothing when there is nothing to deliver", async () => {
    const { sink, api } = setUp();
    expect(await sink.deliver([], signal)).toMatchObject({ requests: 0, records: 0 });
    expect(api.requests).toEqual([]);
  });

  it("delivers a page that is larger than a batch in several, in order", async () => {
    const { sink, api } = setUp();
    const lines = pageOf(60, 50_000);
    expect(await sink.deliver(lines, signal)).toMatchObject({ requests: 2 });
    expect(api.ids).toEqual(lines.map(({ post }) => post.id));
  });

  it("reports a dead letter once it has been taken, and delivers its page", async () => {
    const { sink, api, events } = setUp([failure("transient")]);
    const huge = lineOf({ id: "7", text: "x".repeat(MAX_RECORD_BYTES) });
    const receipt = await sink.deliver([...pageOf(2), huge, lineOf({ id: "8" })], signal);
    expect(api.ids).toEqual(["1000", "1001", "7", "8"]);
    expect(receipt).toMatchObject({ deadLetters: 1, requests: 2 });
    expect(events.map(({ type }) => type)).toEqual(["delivery_retrying", "dead_letter"]);
    expect(events.at(-1)).toMatchObject({ id: "7", reason: "oversize" });
    expect(api.lines[2]?.ingestion.dead_letter?.omitted_fields).toEqual(["text", "full_text"]);
  });

  it("counts lone surrogates that it had to replace", async () => {
    const { sink, api } = setUp();
    const lines = [...pageOf(1), lineOf({ id: "7", name: "\uD83D", bio: "\uDE00" })];
    expect(await sink.deliver(lines, signal)).toMatchObject({ replacedCharacters: 2, deadLetters: 0 });
    expect(api.lines[1]).toMatchObject({ name: "\uFFFD", bio: "\uFFFD" });
  });

  it("reports a post without an id as a dead letter", async () => {
    const { sink, api, events } = setUp();
    const line = lineOf({ id: "no-id-0123456789ab", text: "whose?" });
    expect(await sink.deliver([...pageOf(1), line], signal)).toMatchObject({ deadLetters: 1 });
    expect(api.lines[1]).toMatchObject({ text: "whose?", ingestion: { dead_letter: { reason: "no_id" } } });
    expect(events).toMatchObject([{ type: "dead_letter", id: "no-id-0123456789ab", reason: "no_id" }]);
  });

  it("keeps a line whole that just fits into a record, and shortens one that is a byte longer", async () => {
    const { sink, api } = setUp();
    await sink.deliver([lineOf({ id: "7", padding: "" })], signal);
    const frame = Buffer.byteLength(api.taken.join(""));
    const ofSize = (id: string, bytes: number) => lineOf({ id, padding: "p".repeat(bytes - frame) });
    const lines = [ofSize("8", MAX_RECORD_BYTES), ofSize("9", MAX_RECORD_BYTES + 1)];
    expect(await sink.deliver(lines, signal)).toMatchObject({ deadLetters: 1 });
    expect(Math.max(...api.taken.map((record) => Buffer.byteLength(record)))).toBe(1_024_000);
    expect(api.lines.map(({ id, ingestion }) => [id, ingestion.dead_letter?.reason])).toEqual([
      ["7", undefined],
      ["8", undefined],
      ["9", "oversize"],
    ]);
  });

  it("counts every undelivered post of the page when aborted", async () => {
    const controller = new AbortController();
    const taken: PutAnswer = (records) => {
      controller.abort();
      return records.map(() => undefined);
    };
    const { sink, api } = setUp([taken]);
    const delivering = sink.deliver(pageOf(60, 50_000), controller.signal);
    await expect(delivering).rejects.toThrow(DeliveryError);
    await expect(delivering).rejects.toMatchObject({ undelivered: 60 - api.ids.length });
  });

  it("gives up on a refusal with the number of posts at stake, where patience is limited", async () => {
    const { sink } = setUp([], {
      otherwise: failure("refused", "AccessDeniedException"),
      giveUpAfterMs: 1_000,
    });
    const delivering = sink.deliver(pageOf(3), signal);
    await expect(delivering).rejects.toThrow(AccessError);
    await expect(delivering).rejects.toThrow(
      /"tweet_stream".*AccessDeniedException.*3 posts are not delivered/,
    );
  });

  it("paces requests to the quota of AWS's region, in batches of a second at most", async () => {
    const { sink, clock, api } = setUp([], { target: { ...TARGET, endpointUrl: undefined } });
    await sink.deliver(pageOf(60, 20_000), signal);
    expect(
      Math.max(...api.requests.map((records) => Buffer.byteLength(records.join("")))),
    ).toBeLessThanOrEqual(1_024 * 1_024);
    const spaced = clock.sleeps.reduce((sum, ms) => sum + ms, 0);
    const paidFor = api.requests.slice(0, -1).flat().join("");
    expect(spaced).toBeCloseTo((Buffer.byteLength(paidFor) / 1_024 / 1_024) * 1_000, 3);
  });

  it("does not pace a custom endpoint", async () => {
    const { sink, clock } = setUp();
    await sink.deliver(pageOf(200, 50_000), signal);
    expect(clock.sleeps).toEqual([]);
  });

  it("checks the destination and closes the client", async () => {
    const { sink, api } = setUp();
    await sink.check(signal);
    sink.close();
    expect([api.describes, api.closed]).toEqual([1, true]);
  });
});
