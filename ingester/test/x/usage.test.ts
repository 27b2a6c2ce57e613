import { readDailyUsage } from "../../src/x/usage";

const answering = (data: unknown) => {
  const asked: unknown[] = [];
  const client = {
    now: () => 0,
    get: async (path: string, params: unknown) => {
      asked.push([path, params]);
      return { body: { data }, headers: {}, receivedAtMs: 0 };
    },
  };
  return { asked, client: client as never };
};

describe("X's usage by day", () => {
  it("is the project's, by UTC day, with numbers that X writes as strings", async () => {
    const usage = [
      { date: "2026-11-23T00:00:00.000Z", usage: "1234" },
      { date: "2026-11-24T00:00:00.000Z", usage: null },
      { date: "2026-11-25T00:00:00.000Z", usage: 7 },
    ];
    const { asked, client } = answering({ project_usage: "1241", daily_project_usage: { usage } });

    expect(await readDailyUsage(client, 7)).toEqual({
      ...{ posts: 1_241, cap: undefined },
      days: new Map([
        ["2026-11-23", 1_234],
        ["2026-11-25", 7],
      ]),
    });
    expect(asked).toMatchObject([["usage/tweets", { days: "7" }]]);
  });

  it.each([[{}], [{ daily_project_usage: null }], [{ daily_project_usage: { usage: "none" } }]])(
    "is empty where X leaves it out: %j",
    async (data) => {
      expect((await readDailyUsage(answering(data).client, 7)).days.size).toBe(0);
    },
  );
});
