import fc from "fast-check";
import { BatchBodies } from "../../src/firehose/batch-body";

const bytes = fc.uint8Array({ maxLength: 300 });

/** What the body says, as AWS would read it. */
function read(body: Buffer): { readonly stream: string; readonly records: readonly Buffer[] } {
  const { DeliveryStreamName: stream, Records } = JSON.parse(body.toString("utf8"));
  return { stream, records: Records.map(({ Data }: { Data: string }) => Buffer.from(Data, "base64")) };
}

describe("bodies of batches", () => {
  it("hold every byte of every record, in order, in the same memory again and again", () => {
    fc.assert(
      fc.property(fc.array(fc.array(bytes, { minLength: 1, maxLength: 5 }), { maxLength: 5 }), (batches) => {
        const bodies = new BatchBodies("tweet_stream");
        for (const records of batches) {
          const body = bodies.write(records);
          expect(read(body)).toEqual({
            stream: "tweet_stream",
            records: records.map((one) => Buffer.from(one)),
          });
          bodies.giveBack(body);
        }
      }),
    );
  });

  it("takes records that are views of a page's memory", () => {
    const page = Buffer.from("one\ntwo\nthree\n");
    const records = [page.subarray(0, 4), page.subarray(4)];
    expect(read(new BatchBodies("s").write(records)).records).toEqual(records);
  });

  it("leaves a body alone that has not been given back", () => {
    const bodies = new BatchBodies("tweet_stream");
    const first = bodies.write([Buffer.from("the first")]);
    bodies.write([Buffer.from("the other")]);
    expect(read(first).records.map(String)).toEqual(["the first"]);
  });

  it("uses memory again that was given back, and gets more where it is too small", () => {
    const bodies = new BatchBodies("tweet_stream");
    const first = bodies.write([Buffer.from("small")]);
    bodies.giveBack(first);
    const second = bodies.write([Buffer.from("again")]);
    expect(second.buffer).toBe(first.buffer);
    bodies.giveBack(second);
    expect(read(bodies.write([Buffer.alloc(200_000, 7)])).records[0]).toHaveLength(200_000);
  });
});
