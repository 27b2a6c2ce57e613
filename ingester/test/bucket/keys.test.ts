import { arrivalDate, firstKeyOf, isByDay } from "../../src/bucket/keys";

const UUID = "0f3b7c1e-2d4a-4b6c-8e9f-a0b1c2d3e4f5";

it.each([
  [`tweets/year=2026/month=11/day=20/hour=08/tweet_stream-1-2026-11-20-08-15-04-${UUID}.gz`, "2026-11-20"],
  [`2026/11/20/08/tweet_stream-1-2026-11-20-08-15-04-${UUID}`, "2026-11-20"],
  [`any/lang=en/a-2026-01-01-b-7-2026-11-20-08-15-04-${UUID}.jsonl.gz`, "2026-11-20"],
  ["tweets/year=2026/month=11/day=20/hour=08/of-another-writer.gz", "2026-11-20"],
  ["tweets/notes.txt", undefined],
])("reads from %s the day of its oldest record: %s", (key, date) => {
  expect(arrivalDate(key)).toBe(date);
});

it("starts a listing at the first key of a day, where keys begin with the day", () => {
  const start = firstKeyOf("tweets/", "2026-11-20");
  expect("tweets/year=2026/month=11/day=19/hour=23/x" < start).toBe(true);
  expect("tweets/year=2026/month=11/day=20/hour=00/x" > start).toBe(true);
  expect(isByDay("tweets/", "tweets/year=2026/month=11/day=19/hour=23/x")).toBe(true);
  expect(isByDay("tweets/", "tweets/2026/11/19/23/x")).toBe(false);
  expect(isByDay("tweets/", "tweets/lang=en/year=2026/month=11/day=19/x")).toBe(false);
});
