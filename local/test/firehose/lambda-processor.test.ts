import { type LambdaHandler, lambdaProcessor } from "../../firehose/delivery/lambda-processor";

const ARN = "arn:aws:firehose:us-east-1:111111111111:deliverystream/tweet_stream";
const records = ["one\n", "two\n"].map((text) => Buffer.from(text));

interface Event {
  readonly region: string;
  readonly records: readonly { readonly recordId: string; readonly data: string }[];
}

/** Answers each record with what is given for its text. */
function answering(answers: Readonly<Record<string, object>>): LambdaHandler {
  return async (event) => ({
    records: (event as Event).records.map(({ recordId, data }) => {
      const text = Buffer.from(data, "base64").toString().trim();
      return { recordId, result: "Ok", data, ...answers[text] };
    }),
  });
}

async function process(handler: LambdaHandler, some: readonly Buffer[] = records) {
  const { delivered, failed } = await lambdaProcessor(handler, ARN)(some, 1000);
  return {
    delivered: delivered.map(String),
    failed: failed.map(({ data, ...reason }) => ({ data: String(data), ...reason })),
  };
}

describe("a Lambda function behind the Firehose endpoint", () => {
  it("sees Firehose's event and has its answers delivered in order", async () => {
    const events: unknown[] = [];
    const answer = answering({ two: { data: Buffer.from("2\n").toString("base64") } });
    const outcome = await process(async (event) => {
      events.push(event);
      return answer(event);
    });
    expect(outcome).toEqual({ delivered: ["one\n", "2\n"], failed: [] });
    expect(events).toMatchObject([
      { deliveryStreamArn: ARN, region: "us-east-1", records: [{ approximateArrivalTimestamp: 1000 }, {}] },
    ]);
  });

  it("leaves out what it drops", async () => {
    expect(await process(answering({ one: { result: "Dropped" } }))).toEqual({
      delivered: ["two\n"],
      failed: [],
    });
  });

  it.each([
    ["ProcessingFailedStatus", { result: "ProcessingFailed" }],
    ["JsonMappingException", { result: "ok" }],
    ["MissingRecordId", { recordId: "another" }],
    ["FunctionError", { data: "no base64!" }],
    ["FunctionError", { data: 7 }],
  ])("fails a record alone with Lambda.%s for %j", async (code, answer) => {
    expect(await process(answering({ one: answer }))).toMatchObject({
      delivered: ["two\n"],
      failed: [{ data: "one\n", errorCode: `Lambda.${code}`, attemptsMade: 1 }],
    });
  });

  it("fails a record that is answered twice", async () => {
    const answer = answering({});
    const { failed } = await process(async (event) => {
      const { records: answers } = (await answer(event)) as { records: unknown[] };
      return { records: [...answers, answers[0]] };
    });
    expect(failed).toMatchObject([{ data: "one\n", errorCode: "Lambda.DuplicatedRecordId" }]);
  });

  it("fails a batch whose answer is none", async () => {
    const { failed } = await process(async () => undefined);
    expect(failed.map(({ errorCode }) => errorCode)).toEqual(Array(2).fill("Lambda.JsonMappingException"));
  });

  it("is asked again when it throws, three times", async () => {
    let calls = 0;
    const answer = answering({});
    const flaky: LambdaHandler = async (event) => {
      calls += 1;
      if (calls <= 3) throw new Error("out of memory");
      return answer(event);
    };
    expect(await process(flaky)).toMatchObject({ delivered: ["one\n", "two\n"], failed: [] });
    calls = -10;
    expect(await process(flaky)).toMatchObject({
      delivered: [],
      failed: [{ errorCode: "Lambda.FunctionError", errorMessage: "out of memory", attemptsMade: 4 }, {}],
    });
  });

  it("fails a batch whose answer is larger than Lambda lets through", async () => {
    const answer = answering({ one: { data: "AAAA".repeat(1_500_000) } });
    const { delivered, failed } = await process(answer);
    expect(delivered).toEqual([]);
    expect(failed[0]?.errorMessage).toContain("exceeded the limit of 6000000");
  });

  it("gets at most about a mebibyte of records at a time", async () => {
    const sizes: number[] = [];
    const answer = answering({});
    const many = Array.from({ length: 10 }, () => Buffer.alloc(256 * 1024, "x"));
    const outcome = await process(async (event) => {
      sizes.push((event as Event).records.length);
      return answer(event);
    }, many);
    expect(sizes).toEqual([4, 4, 2]);
    expect(outcome.delivered).toHaveLength(10);
  });
});
