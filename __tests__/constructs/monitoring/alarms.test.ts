import { awsLocation } from "../../../stacks/constructs/aws/aws-location";
import { Alarms, type AlarmsProps } from "../../../stacks/constructs/monitoring/alarms";
import { ConstructStack } from "../../helpers/construct-stack";

const location = awsLocation("333333333333", "eu-west-1");

function alarmsWith(patience: Partial<AlarmsProps>): ConstructStack {
  const stack = new ConstructStack();
  new Alarms(stack, "alarms", {
    watched: {
      stackName: "own-stack",
      location,
      stream: { streamName: "own_stream", bufferingIntervalSeconds: 0 },
    },
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
      lateMinutes: 4,
      notRunningMinutes: 61,
    });
    const problems = node.findChild("alarms").node.validate();
    expect(problems).toEqual([
      expect.stringMatching(/^noPostsMinutes must be 0 or a whole number from 5 to 1440 minutes, got 1441/),
      expect.stringMatching(/^lagMinutes must be 0 or a whole number from 5 to 1440 minutes, got 4/),
      expect.stringMatching(/^lateMinutes must be a whole number from 5 to 1440 minutes, got 4/),
      expect.stringMatching(/^notRunningMinutes must be a whole number from 2 to 60 minutes, got 61/),
    ]);
  });
});
