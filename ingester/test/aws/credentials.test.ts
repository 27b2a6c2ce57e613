import { type Credentials, RenewableCredentials } from "../../src/aws/credentials";
import { FakeClock } from "../helpers/fake-clock";

const MINUTE_MS = 60_000;

function keys(accessKeyId: string, expiration?: Date): Credentials {
  return { accessKeyId, secretAccessKey: `secret of ${accessKeyId}`, ...(expiration && { expiration }) };
}

/** Credentials that are found in this order; an error is thrown. */
function setUp(...found: (Credentials | Error)[]) {
  const clock = new FakeClock();
  let searches = 0;
  const load = async () => {
    const next = found[Math.min(searches, found.length - 1)];
    searches += 1;
    if (next === undefined || next instanceof Error) throw next;
    return next;
  };
  const credentials = new RenewableCredentials(load, clock);
  return { credentials, clock, searches: () => searches };
}

describe("RenewableCredentials", () => {
  it("are looked for once while they do not expire", async () => {
    const { credentials, clock, searches } = setUp(keys("ONE"), keys("TWO"));
    await credentials.provide();
    clock.advance(24 * 60 * MINUTE_MS);
    expect((await credentials.provide()).accessKeyId).toBe("ONE");
    expect(searches()).toBe(1);
  });

  it("are looked for again after a search that failed", async () => {
    const { credentials } = setUp(new Error("no file"), keys("ONE"));
    await expect(credentials.provide()).rejects.toThrow("no file");
    expect((await credentials.provide()).accessKeyId).toBe("ONE");
  });

  it("are replaced five minutes before they expire", async () => {
    const expiration = new Date(new FakeClock().now() + 60 * MINUTE_MS);
    const { credentials, clock } = setUp(keys("ONE", expiration), keys("TWO"));
    await credentials.provide();
    clock.advance(54 * MINUTE_MS);
    expect((await credentials.provide()).accessKeyId).toBe("ONE");
    clock.advance(2 * MINUTE_MS);
    expect((await credentials.provide()).accessKeyId).toBe("TWO");
  });

  it("stay in use when no new ones can be had: AWS decides whether they have expired", async () => {
    const { credentials, clock } = setUp(keys("ONE", new Date(0)), new Error("no endpoint"));
    await credentials.provide();
    clock.advance(MINUTE_MS);
    expect((await credentials.provide()).accessKeyId).toBe("ONE");
  });

  it("are not looked for at every request where a clock makes every date look past", async () => {
    const { credentials, clock, searches } = setUp(keys("ONE", new Date(0)));
    for (let second = 0; second < 60; second += 1) {
      await credentials.provide();
      clock.advance(1_000);
    }
    expect(searches()).toBe(2);
  });
});

describe("renewing credentials", () => {
  it("finds others", async () => {
    const { credentials } = setUp(keys("ONE"), keys("TWO"));
    const refused = await credentials.provide();
    expect(await credentials.renew(refused)).toBe(true);
    expect((await credentials.provide()).accessKeyId).toBe("TWO");
  });

  it.each<[string, Credentials, boolean]>([
    ["the same", keys("ONE"), false],
    ["a new secret of the same key", { ...keys("ONE"), secretAccessKey: "new" }, true],
    ["a new session of the same key", { ...keys("ONE"), sessionToken: "new" }, true],
  ])("says whether they differ: %s", async (_name, next, differs) => {
    const { credentials } = setUp(keys("ONE"), next);
    expect(await credentials.renew(await credentials.provide())).toBe(differs);
  });

  it("searches once for two requests that were refused together", async () => {
    const { credentials, searches } = setUp(keys("ONE"), keys("TWO"), keys("THREE"));
    const refused = await credentials.provide();
    await credentials.renew(refused);
    expect(await credentials.renew(refused)).toBe(true);
    expect(searches()).toBe(2);
  });

  it("searches no second time for credentials that were never found", async () => {
    const { credentials, searches } = setUp(new Error("no file"));
    await credentials.provide().catch(() => undefined);
    expect(await credentials.renew(credentials.current)).toBe(false);
    expect(searches()).toBe(1);
  });
});
