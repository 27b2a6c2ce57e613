import { reportOf } from "../src/report";

const healthy = { records: 3, lines: 9, unreadableLines: 0, unformattedRecords: 0, failedRecords: 0 };
const options = { namespace: "tweets", functionName: "tweets-dev-transform", nowMs: 1 };

describe("the report of an invocation", () => {
  it("is silent when everything was formatted", () => {
    expect(reportOf(healthy, options)).toBeUndefined();
  });

  it("is one line that carries the metrics", () => {
    const report = reportOf({ ...healthy, unreadableLines: 2, failedRecords: 1 }, options) ?? "";
    expect(report).not.toContain("\n");
    expect(JSON.parse(report)).toEqual({
      level: "warn",
      event: "records_not_formatted",
      records: 3,
      lines: 9,
      FunctionName: "tweets-dev-transform",
      UnreadableLines: 2,
      UnformattedRecords: 0,
      FailedRecords: 1,
      _aws: {
        Timestamp: 1,
        CloudWatchMetrics: [
          {
            Namespace: "tweets",
            Dimensions: [["FunctionName"]],
            Metrics: ["UnreadableLines", "UnformattedRecords", "FailedRecords"].map((Name) => ({
              Name,
              Unit: "Count",
            })),
          },
        ],
      },
    });
  });

  it("holds no metrics without a namespace", () => {
    const report = reportOf({ ...healthy, unformattedRecords: 1 }, { ...options, namespace: "" }) ?? "";
    expect(JSON.parse(report)).not.toHaveProperty("_aws");
  });
});
