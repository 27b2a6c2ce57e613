import { awsLocation } from "../../../stacks/constructs/aws/aws-location";
import { Alarms, type AlarmsProps } from "../../../stacks/constructs/monitoring/alarms";
import type { WatchedIngestion } from "../../../stacks/constructs/monitoring/watched-ingestion";
import { ConstructStack } from "../../helpers/construct-stack";

const location = awsLocation("333333333333", "eu-west-1");

const streamOnly: WatchedIngestion = {
  stackName: "own-stack",
  location,
  stream: { streamName: "own_stream", bufferingIntervalSeconds: 0 },
};

function listening(fillsHoles: boolean): WatchedIngestion {
  const key = { metricsNamespace: "own/space", checkpointKey: "own key" };
  const ingester = { ...key, pollSeconds: 0, queries: [key], filteredStream: { ...key, fillsHoles } };
  return { ...streamOnly, ingester };
}

function alarmsWith(patience: Partial<AlarmsProps>): ConstructStack {
  const stack = new ConstructStack();
  new Alarms(stack, "alarms", {
    watched: streamOnly,
    topicArn: "arn:aws:sns:eu-west-1:333333333333:on-call",
    ...patience,
  });
  return stack;
}

describe("alarms of a stream that is fed from outside", () => {
  const { synthesized } = alarmsWith({ runbook: "https://wiki.example.com/streams" });

  it("watch the stream, and nothing that is not there", () => {
    const names = Object.values(synthesized.all("aws_cloudwatch_metric_alarm")).map(
      ({ alarm_name }) => alarm_name,
    );
    expect(names.sort()).toEqual([
      "own-stack-delivery-failing",
      "own-stack-delivery-late",
      "own-stack-stream-throttled",
    ]);
  });

  it("say what happened and where to read on", () => {
    const { alarm_description } = synthesized.one("aws_cloudwatch_metric_alarm", "alarms_delivery_late");
    expect(alarm_description).toMatch(
      /^Records wait in own_stream .*\. What to do: https:\/\/wiki\.example\.com\/streams#delivery-late$/,
    );
  });

  it("count a stream without a buffer as late after the margin alone", () => {
    const late = synthesized.one("aws_cloudwatch_metric_alarm", "alarms_delivery_late");
    expect(late.threshold).toBe(15 * 60);
  });

  it("refuse at synth time what CloudWatch would not take, each with its construct", () => {
    const { node } = alarmsWith({
      noPostsMinutes: 1441,
      lagMinutes: 4,
      disconnectedMinutes: 4,
      holeMinutes: 1441,
      lateMinutes: 4,
      notRunningMinutes: 61,
    });
    const problems = node.findChild("alarms").node.validate();
    expect(problems).toEqual([
      expect.stringMatching(/^noPostsMinutes must be 0 or a whole number from 5 to 1440 minutes, got 1441/),
      expect.stringMatching(/^lagMinutes must be 0 or a whole number from 5 to 1440 minutes, got 4/),
      expect.stringMatching(/^disconnectedMinutes must be 0 or a whole number from 5 to 1440 minutes, got 4/),
      expect.stringMatching(/^holeMinutes must be 0 or a whole number from 5 to 1440 minutes, got 1441/),
      expect.stringMatching(/^lateMinutes must be a whole number from 5 to 1440 minutes, got 4/),
      expect.stringMatching(/^notRunningMinutes must be a whole number from 2 to 60 minutes, got 61/),
    ]);
  });
});

describe("alarms of the filtered stream", () => {
  const ring = (fillsHoles: boolean, patience: Partial<AlarmsProps> = {}) => {
    const { synthesized } = alarmsWith({ watched: listening(fillsHoles), noPostsMinutes: 0, ...patience });
    const alarms = Object.values(synthesized.all("aws_cloudwatch_metric_alarm"));
    const ofStream = alarms.filter(({ metric_name }) => String(metric_name).startsWith("Stream"));
    return new Map(ofStream.map((alarm) => [String(alarm.alarm_name).replace("own-stack-", ""), alarm]));
  };

  it("ring without a connection, at the longest wait, and for a hole that stays open", () => {
    const alarms = ring(true);
    const expected = {
      disconnected: ["StreamConnected", "Maximum", "LessThanThreshold", 1, 3],
      "holes-stay-open": ["StreamOldestHoleSeconds", "Minimum", "GreaterThanThreshold", 3_600, 3],
      "reconnect-waits": ["StreamReconnectWaitSeconds", "Maximum", "GreaterThanOrEqualToThreshold", 320, 1],
    };
    expect([...alarms.keys()].sort()).toEqual(Object.keys(expected));
    for (const [id, [metric, statistic, comparison, threshold, periods]] of Object.entries(expected)) {
      expect(alarms.get(id)).toMatchObject({
        namespace: "own/space",
        metric_name: metric,
        dimensions: { CheckpointKey: "own key" },
        statistic,
        comparison_operator: comparison,
        threshold,
        period: 300,
        evaluation_periods: periods,
        treat_missing_data: "notBreaching",
      });
    }
  });

  it.each([
    ["holes that nothing fills", false, {}, ["disconnected", "reconnect-waits"]],
    ["holes where that is not wanted", true, { holeMinutes: 0 }, ["disconnected", "reconnect-waits"]],
    [
      "the connection where that is not wanted",
      true,
      { disconnectedMinutes: 0 },
      ["holes-stay-open", "reconnect-waits"],
    ],
  ])("leave out %s", (_what, fillsHoles, patience, left) => {
    expect([...ring(fillsHoles, patience).keys()].sort()).toEqual(left);
  });

  it("wait as long as monitoring.patience says, also where nothing fills holes", () => {
    const alarms = ring(false, { holeMinutes: 1_440, disconnectedMinutes: 7 });
    expect(alarms.get("holes-stay-open")?.threshold).toBe(86_400);
    expect(alarms.get("disconnected")?.evaluation_periods).toBe(2);
  });
});
