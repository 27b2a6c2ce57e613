import { entryCodes, UNCLEAR_ANSWER } from "../../src/firehose/client";

const taken = { RecordId: "1" };
const failed = { ErrorCode: "InternalFailure" };

describe("entryCodes", () => {
  it.each([
    ["all taken", { FailedPutCount: 0, RequestResponses: [taken, taken] }, [undefined, undefined]],
    ["one failed", { FailedPutCount: 1, RequestResponses: [taken, failed] }, [undefined, "InternalFailure"]],
    [
      "a failure that is not counted",
      { FailedPutCount: 0, RequestResponses: [failed, taken] },
      ["InternalFailure", undefined],
    ],
    [
      "an empty code",
      { FailedPutCount: 0, RequestResponses: [{ ErrorCode: "" }, taken] },
      [undefined, undefined],
    ],
    ["an empty answer", {}, [UNCLEAR_ANSWER, UNCLEAR_ANSWER]],
    ["too few entries", { FailedPutCount: 0, RequestResponses: [taken] }, [UNCLEAR_ANSWER, UNCLEAR_ANSWER]],
    [
      "too many entries",
      { FailedPutCount: 0, RequestResponses: [taken, taken, taken] },
      [UNCLEAR_ANSWER, UNCLEAR_ANSWER],
    ],
    [
      "failures that are counted but not named",
      { FailedPutCount: 1, RequestResponses: [taken, taken] },
      [UNCLEAR_ANSWER, UNCLEAR_ANSWER],
    ],
  ])("reads %s", (_name, answer, codes) => {
    expect(entryCodes(answer, 2)).toEqual(codes);
  });
});
