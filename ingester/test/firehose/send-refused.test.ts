import { failure, type PutAnswer } from "../helpers/fake-firehose";
import { idsUpTo, setUp } from "./helpers/sender";

const UNAVAILABLE = "ServiceUnavailableException";

describe("a record that Firehose refuses as invalid", () => {
  const INVALID = failure("invalid", "InvalidArgumentException");

  /** Refuses every request that holds the post. */
  const poisonedBy =
    (id: string): PutAnswer =>
    (records) => {
      const poison = records.some((record) => record.includes(`"id":"${id}","text"`));
      if (poison) throw INVALID;
      return records.map(() => undefined);
    };

  it.each([
    ["records of one line", 8, 1, "1000"],
    ["records of one line", 8, 1, "1005"],
    ["records of many lines", 9, 3, "1004"],
    ["a single record", 7, 7, "1006"],
    ["a single line", 1, 1, "1000"],
  ])("never keeps the others back: %s (%i lines, %i a record, %s)", async (_name, count, perRecord, id) => {
    const { send, api, events, tally } = setUp([], { otherwise: poisonedBy(id) });
    await send(count, perRecord);
    expect([...api.ids].sort()).toEqual(idsUpTo(count));
    const letters = api.lines.filter((line) => line.ingestion.dead_letter !== undefined);
    expect(letters).toMatchObject([{ id, ingestion: { dead_letter: { reason: "refused" } } }]);
    expect(events).toEqual([
      { type: "dead_letter", id, reason: "refused: InvalidArgumentException", bytes: expect.any(Number) },
    ]);
    expect(tally).toMatchObject({ deadLetters: 1 });
  });

  it("splits what is refused together but taken apart, without a dead letter", async () => {
    const atMostTwo: PutAnswer = (records) => {
      if (records.join("").split("\n").length > 3) throw INVALID;
      return records.map(() => undefined);
    };
    const { send, api, events } = setUp([], { otherwise: atMostTwo });
    await send(9, 9);
    expect(api.ids).toEqual(idsUpTo(9));
    expect(events).toEqual([]);
  });

  it.each([200, 201, 202, 203, 204])(
    "delivers everything whole once a destination that took nothing at all takes it (after %i refusals)",
    async (refusals) => {
      const { send, api, tally, events } = setUp(Array(refusals).fill(INVALID));
      await send(10, 5);
      const whole = api.lines.filter(({ ingestion }) => ingestion.dead_letter === undefined);
      expect(whole.map(({ id }) => id)).toEqual(idsUpTo(10));
      expect(tally).toMatchObject({ deadLetters: 0 });
      expect(events.filter(({ type }) => type === "dead_letter")).toEqual([]);
    },
  );

  it("gives up after its time when the destination takes nothing at all", async () => {
    const { send } = setUp([], { otherwise: INVALID, giveUpAfterMs: 30_000 });
    await expect(send(10, 5)).rejects.toThrow("InvalidArgumentException, 10 left");
  });

  it("does not give up a line whose last refusal is none", async () => {
    const otherwise: PutAnswer = (records) => records.map(() => undefined);
    const script: PutAnswer[] = [INVALID, otherwise, failure("transient")];
    const { send, api, events } = setUp(script);
    await send(1);
    expect(api.lines.map(({ ingestion }) => ingestion.dead_letter?.reason)).toEqual(["refused", undefined]);
    expect(events.map(({ type }) => type)).toEqual(["delivery_retrying"]);
  });

  it("sends again what fails for other reasons in between", async () => {
    const { send, api, tally } = setUp([INVALID, [UNAVAILABLE, undefined], failure("transient")], {
      otherwise: poisonedBy("1003"),
    });
    await send(4);
    expect([...api.ids].sort()).toEqual(idsUpTo(4));
    expect(tally).toMatchObject({ deadLetters: 1, records: 4 });
  });
});
