import { checkEnvironments } from "../../stacks/environment/check-environments";
import { environmentWith } from "../helpers/environment";
import { type Attributes, type Synthesized, synthesize } from "../helpers/synth";

const ARN = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:333333333333:${resource}`;
const OWN_TOPIC = ARN("sns", "tweets-test-ingester-alarms");

function ingester(changes: Parameters<typeof environmentWith>[0] = {}): Synthesized {
  return synthesize(environmentWith(changes)).ingester;
}

function alarmsOf(stack: Synthesized): Record<string, Attributes> {
  const alarms = Object.values(stack.all("aws_cloudwatch_metric_alarm"));
  return Object.fromEntries(alarms.map((alarm) => [String(alarm.alarm_name), alarm]));
}

const namesOf = (stack: Synthesized) =>
  Object.keys(alarmsOf(stack))
    .map((name) => name.replace("tweets-test-ingester-", ""))
    .sort();

const EVERY_ALARM = [
  "budget-100",
  "budget-80",
  "dead-letters",
  "delivery-failing",
  "delivery-late",
  "lag",
  "no-posts",
  "stream-throttled",
  "task-not-running",
];

describe("the alarms", () => {
  const stack = ingester();
  const alarms = alarmsOf(stack);

  it("carry the stack's name", () => {
    expect(Object.keys(alarms).sort()).toEqual(EVERY_ALARM.map((id) => `tweets-test-ingester-${id}`));
  });

  it("tell the stack's own topic when they ring and when it is over", () => {
    for (const alarm of Object.values(alarms)) {
      expect(alarm).toMatchObject({ alarm_actions: [OWN_TOPIC], ok_actions: [OWN_TOPIC] });
    }
  });

  it("never leave to CloudWatch what silence means", () => {
    const silence = Object.entries(alarms).map(([name, { treat_missing_data }]) => [
      name.replace("tweets-test-ingester-", ""),
      treat_missing_data,
    ]);
    expect(Object.fromEntries(silence)).toEqual({
      "budget-80": "ignore",
      "budget-100": "ignore",
      "dead-letters": "notBreaching",
      lag: "notBreaching",
      "no-posts": "breaching",
      "task-not-running": "breaching",
      "delivery-late": "notBreaching",
      "delivery-failing": "notBreaching",
      "stream-throttled": "notBreaching",
    });
  });

  it("look back one day at most, which is all that CloudWatch allows", () => {
    const slow = alarmsOf(ingester({ monitoring: { noPostsMinutes: 1440, notRunningMinutes: 60 } }));
    for (const { period, evaluation_periods } of Object.values(slow)) {
      expect(Number(period) * Number(evaluation_periods)).toBeLessThanOrEqual(86_400);
    }
  });

  it("watch the stream for records older than its buffer plus a margin", () => {
    const late = alarmsOf(
      ingester({ delivery: { bufferingIntervalSeconds: 60 }, monitoring: { lateMinutes: 20 } }),
    );
    expect(late["tweets-test-ingester-delivery-late"]).toMatchObject({
      namespace: "AWS/Firehose",
      metric_name: "DeliveryToS3.DataFreshness",
      dimensions: { DeliveryStreamName: "tweet_stream" },
      statistic: "Maximum",
      comparison_operator: "GreaterThanThreshold",
      threshold: 60 + 20 * 60,
    });
  });

  it("wait for two hours without a post, or as long as configured", () => {
    const minutes = (changes: Parameters<typeof environmentWith>[0]) => {
      const { period, evaluation_periods } =
        alarmsOf(ingester(changes))["tweets-test-ingester-no-posts"] ?? {};
      return (Number(period) * Number(evaluation_periods)) / 60;
    };
    expect(minutes({})).toBe(120);
    expect(minutes({ monitoring: { noPostsMinutes: 30 } })).toBe(30);
    expect(minutes({ worker: { run: { mode: "schedule", expression: "rate(6 hours)" } } })).toBe(1440);
  });

  it("ring when a query lags for longer than a pause between polls and a margin, or as long as configured", () => {
    const lag = (changes: Parameters<typeof environmentWith>[0]) =>
      alarmsOf(ingester(changes))["tweets-test-ingester-lag"];
    expect(lag({})).toMatchObject({
      namespace: "tweets/test",
      metric_name: "LagSeconds",
      dimensions: { CheckpointKey: "tweet_stream/cats" },
      // A run of a schedule begins with a lag, and catches up at once.
      statistic: "Minimum",
      period: 300,
      evaluation_periods: 2,
      comparison_operator: "GreaterThanThreshold",
      threshold: 60 + 30 * 60,
    });
    const slow = { ingester: { source: { mode: "search" as const, pollSeconds: 3600 } } };
    expect(lag({ ...slow, monitoring: { lagMinutes: 5 } })?.threshold).toBe(3600 + 5 * 60);
  });

  it("count running tasks of the service by its name", () => {
    expect(alarms["tweets-test-ingester-task-not-running"]).toMatchObject({
      namespace: "ECS/ContainerInsights",
      metric_name: "RunningTaskCount",
      dimensions: { ClusterName: "tweets-test-ingester", ServiceName: "tweets-test-ingester" },
      threshold: 1,
    });
  });

  const missing: [string, Parameters<typeof environmentWith>[0], string[]][] = [
    [
      "the task where tasks are not counted",
      { worker: { containerInsights: "disabled" } },
      ["task-not-running"],
    ],
    [
      "task and posts while the service is paused",
      { worker: { run: { mode: "service", desiredCount: 0 } } },
      ["no-posts", "task-not-running"],
    ],
    [
      "task and posts while the schedule is paused",
      { worker: { run: { mode: "schedule", expression: "rate(1 hour)", enabled: false } } },
      ["no-posts", "task-not-running"],
    ],
    ["posts where that is not wanted", { monitoring: { noPostsMinutes: 0 } }, ["no-posts"]],
    ["the lag where that is not wanted", { monitoring: { lagMinutes: 0 } }, ["lag"]],
    [
      "posts and money where the ingester writes no metrics",
      { ingester: { metricsNamespace: "" } },
      ["budget-80", "budget-100", "dead-letters", "lag", "no-posts"],
    ],
  ];

  it.each(missing)("leave out %s", (_name, changes, left) => {
    expect(namesOf(ingester(changes))).toEqual(EVERY_ALARM.filter((id) => !left.includes(id)));
  });

  describe("of a schedule", () => {
    const scheduled = (expression: string, notStartedMinutes?: number) =>
      ingester({
        worker: { run: { mode: "schedule", expression } },
        monitoring: notStartedMinutes === undefined ? {} : { notStartedMinutes },
      });

    it("watch its starts in place of a running task", () => {
      const watched = EVERY_ALARM.filter((id) => id !== "task-not-running");
      expect(namesOf(scheduled("rate(1 hour)"))).toEqual([...watched, "not-started", "start-failed"].sort());
      const alarms = alarmsOf(scheduled("rate(1 hour)"));
      for (const [id, metric_name] of [
        ["not-started", "InvocationAttemptCount"],
        ["start-failed", "InvocationDroppedCount"],
      ]) {
        expect(alarms[`tweets-test-ingester-${id}`]).toMatchObject({
          namespace: "AWS/Scheduler",
          metric_name,
          dimensions: { ScheduleGroup: "tweets-test-ingester" },
        });
      }
      expect(scheduled("rate(1 hour)").one("aws_scheduler_schedule")).toMatchObject({
        group_name: "\u0024{aws_scheduler_schedule_group.ingester_schedule_group.name}",
      });
    });

    it.each([
      ["rate(5 minutes)", undefined, 30],
      ["rate(1 hour)", undefined, 180],
      ["rate(2 days)", undefined, 6 * 1440],
      ["rate(3 days)", undefined, 7 * 1440],
      ["cron(0 6 * * ? *)", undefined, 26 * 60],
      ["cron(0 0/6 ? * * *)", undefined, 26 * 60],
      ["cron(0 6 ? * MON *)", 10_080, 10_080],
    ])("wait for a start of %s, %s minutes asked for, for %s minutes", (expression, asked, minutes) => {
      const alarm = alarmsOf(scheduled(expression, asked))["tweets-test-ingester-not-started"];
      const [period, periods] = [Number(alarm?.period), Number(alarm?.evaluation_periods)];
      expect((period * periods) / 60).toBe(minutes);
      expect(period * periods).toBeLessThanOrEqual(period < 3600 ? 86_400 : 7 * 86_400);
      expect(alarm?.treat_missing_data).toBe("breaching");
    });

    it.each(["rate(12 hours)", "rate(1 day)", "rate(2 days)", "rate(7 days)", "cron(0 6 * * ? *)"])(
      "miss no posts of %s, between whose starts a day can pass, unless asked for",
      (expression) => {
        const run = { mode: "schedule", expression } as const;
        expect(namesOf(scheduled(expression))).not.toContain("no-posts");
        const asked = ingester({ worker: { run }, monitoring: { noPostsMinutes: 1440 } });
        expect(namesOf(asked)).toContain("no-posts");
      },
    );

    it.each(["rate(5 minutes)", "rate(6 hours)", "rate(11 hours)"])(
      "miss posts of %s after a day",
      (expression) => {
        const alarm = alarmsOf(scheduled(expression))["tweets-test-ingester-no-posts"];
        expect((Number(alarm?.period) * Number(alarm?.evaluation_periods)) / 60).toBe(1440);
      },
    );

    it.each([
      ["rate(7 days)", undefined],
      ["cron(0 6 ? * MON *)", undefined],
      ["cron(0 6 1 * ? *)", undefined],
      ["rate(1 hour)", 0],
    ])("do not wait for a start of %s, %s minutes asked for", (expression, asked) => {
      expect(namesOf(scheduled(expression, asked))).not.toContain("not-started");
    });
  });

  it("watch the filtered stream's connection and holes, beside what is watched of queries", () => {
    const rules = [{ value: "from:nasa", tag: "nasa" }];
    const live = ingester({ ingester: { source: { mode: "stream", rules } } });
    expect(namesOf(live)).toEqual(
      [...EVERY_ALARM, "disconnected", "holes-stay-open", "reconnect-waits"].sort(),
    );
    expect(alarmsOf(live)["tweets-test-ingester-lag"]?.threshold).toBe(30 * 60);
  });

  it("watch the conversion to Parquet where there is one", () => {
    const alarm = alarmsOf(ingester({ catalog: { parquet: true } }))[
      "tweets-test-ingester-conversion-failed"
    ];
    expect(alarm).toMatchObject({
      namespace: "AWS/Firehose",
      metric_name: "FailedConversion.Records",
      dimensions: { DeliveryStreamName: "tweet_stream" },
    });
    expect(namesOf(ingester({ catalog: {} }))).not.toContain("conversion-failed");
  });

  it("watch the transform where there is one", () => {
    expect(namesOf(ingester({ transform: {} }))).toEqual([
      ...EVERY_ALARM,
      "transform-errors",
      "transform-failed-records",
      "transform-not-invoked",
    ]);
    expect(namesOf(ingester({ transform: {}, ingester: { metricsNamespace: "" } }))).toContain(
      "transform-errors",
    );
    expect(namesOf(ingester({ transform: {}, ingester: { metricsNamespace: "" } }))).not.toContain(
      "transform-failed-records",
    );
  });
});

describe("the alarm of a transform that Firehose cannot invoke", () => {
  const alarmOf = (changes: Parameters<typeof environmentWith>[0]) =>
    alarmsOf(ingester(changes))["tweets-test-ingester-transform-not-invoked"];

  it("looks at the stream, because a function that is throttled or refused reports no error", () => {
    expect(alarmOf({ transform: {} })).toMatchObject({
      namespace: "AWS/Firehose",
      metric_name: "ExecuteProcessing.Success",
      dimensions: { DeliveryStreamName: "tweet_stream" },
      statistic: "Average",
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      period: 300,
      evaluation_periods: 1,
      treat_missing_data: "notBreaching",
    });
  });

  it("exists without metrics of the function, for a stream of another name, and not without a transform", () => {
    const changes = {
      transform: {},
      delivery: { streamName: "posts" },
      ingester: { metricsNamespace: "" },
    };
    expect(alarmOf(changes)).toMatchObject({ dimensions: { DeliveryStreamName: "posts" } });
    expect(alarmOf({})).toBeUndefined();
  });
});

describe("the alarms of several queries", () => {
  const queriesNamed = (...names: string[]) => ({
    ingester: {
      source: {
        mode: "search" as const,
        query: undefined,
        queries: names.map((name) => ({ name, query: `from:${name}` })),
      },
    },
  });

  it("are those of one query, and for each further one those on its posts, ending in its name", () => {
    expect(namesOf(ingester(queriesNamed("nasa", "esa", "j.a_x-a")))).toEqual(
      [
        ...EVERY_ALARM,
        ...["esa", "j.a_x-a"].flatMap((name) => [`dead-letters-${name}`, `lag-${name}`, `no-posts-${name}`]),
      ].sort(),
    );
  });

  it("keep every address of the one query that was there before", () => {
    const before = Object.keys(ingester().all("aws_cloudwatch_metric_alarm"));
    const after = Object.keys(ingester(queriesNamed("nasa", "esa")).all("aws_cloudwatch_metric_alarm"));
    expect(after).toEqual(expect.arrayContaining(before));
    expect(after.filter((id) => !before.includes(id)).sort()).toEqual([
      "alarms_dead_letters_esa",
      "alarms_lag_esa",
      "alarms_no_posts_esa",
    ]);
  });

  it("have addresses of their own where names differ in punctuation alone", () => {
    const names = ["first", "a-b", "a.b", "a_b", "a--b", "-a-b", "a-b."];
    const alarms = ingester(queriesNamed(...names)).all("aws_cloudwatch_metric_alarm");
    const lags = Object.values(alarms).filter(({ metric_name }) => metric_name === "LagSeconds");
    expect(lags).toHaveLength(names.length);
  });

  it("say which query they are about, and share the section of the runbook", () => {
    const alarms = alarmsOf(ingester(queriesNamed("nasa", "esa")));
    for (const [name, query] of [
      ["dead-letters", "nasa"],
      ["dead-letters-esa", "esa"],
    ]) {
      expect(alarms[`tweets-test-ingester-${name}`]?.alarm_description).toMatch(
        new RegExp(`^A post of the query ${query} could not be .* What to do: docs/runbook.md#dead-letters$`),
      );
    }
  });
});

describe("the alarms' topic", () => {
  it("is encrypted with a key of its own that turns every year and that only these alarms may use", () => {
    const stack = ingester();
    expect(stack.one("aws_sns_topic")).toMatchObject({
      name: "tweets-test-ingester-alarms",
      kms_master_key_id: `\${aws_kms_key.alarm_topic_key.arn}`,
    });
    expect(stack.one("aws_kms_key")).toMatchObject({ enable_key_rotation: true });
    expect(stack.statements("alarm_topic_key_policy_document")).toContainEqual({
      sid: "EncryptAlarms",
      actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
      resources: ["*"],
      principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }],
      condition: [
        { test: "StringEquals", variable: "aws:SourceAccount", values: ["333333333333"] },
        {
          test: "ArnLike",
          variable: "aws:SourceArn",
          values: [ARN("cloudwatch", "alarm:tweets-test-ingester-*")],
        },
      ],
    });
  });

  it("takes the environment's own key instead, where one is given", () => {
    const kmsKeyArn = ARN("kms", "key/1234");
    const stack = ingester({ kmsKeyArn });
    expect(stack.one("aws_sns_topic").kms_master_key_id).toBe(kmsKeyArn);
    expect(stack.all("aws_kms_key")).toEqual({});
  });

  it("lets this stack's alarms alone publish, and only with TLS", () => {
    const [allow, deny, ...others] = ingester().statements("alarm_topic_policy_document");
    expect(others).toEqual([]);
    expect(allow).toMatchObject({
      actions: ["sns:Publish"],
      resources: [OWN_TOPIC],
      principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }],
    });
    expect(allow?.condition?.map(({ variable }) => variable)).toEqual(["aws:SourceAccount", "aws:SourceArn"]);
    expect(deny).toMatchObject({ effect: "Deny", condition: [{ variable: "aws:SecureTransport" }] });
  });

  it("has no subscriber unless an address is named", () => {
    expect(ingester().all("aws_sns_topic_subscription")).toEqual({});
    expect(
      ingester({ monitoring: { email: "on-call@example.com" } }).one("aws_sns_topic_subscription"),
    ).toMatchObject({ protocol: "email", endpoint: "on-call@example.com" });
  });

  it("is not created where a topic is given", () => {
    const topicArn = ARN("sns", "on-call");
    const stack = ingester({ monitoring: { topicArn } });
    expect(stack.all("aws_sns_topic")).toEqual({});
    expect(stack.all("aws_kms_key")).toEqual({});
    for (const alarm of Object.values(alarmsOf(stack))) expect(alarm.alarm_actions).toEqual([topicArn]);
  });
});

describe("monitoring that is switched off", () => {
  it("leaves alarms and their topic out", () => {
    const stack = ingester({ monitoring: { alarms: false } });
    expect(alarmsOf(stack)).toEqual({});
    expect(stack.all("aws_sns_topic")).toEqual({});
    expect(stack.json).not.toContain("alarm:");
  });

  it("leaves the dashboard out", () => {
    expect(ingester({ monitoring: { dashboard: false } }).all("aws_cloudwatch_dashboard")).toEqual({});
  });
});

describe("monitoring in an environment file", () => {
  const check = (monitoring: object) => () =>
    checkEnvironments({ "environments/test.ts": environmentWith({ monitoring }) });

  it("passes with everything said", () => {
    const patience = { noPostsMinutes: 0, lagMinutes: 0, lateMinutes: 5, notRunningMinutes: 2 };
    expect(check({ dashboard: true, alarms: true, email: "on-call@example.com", ...patience })).not.toThrow();
  });

  it.each([
    [
      { noPostsMinutes: 4 },
      /monitoring.noPostsMinutes must be 0 or a whole number from 5 to 1440 minutes, got 4/,
    ],
    [{ lagMinutes: 4 }, /monitoring.lagMinutes must be 0 or a whole number from 5 to 1440 minutes, got 4/],
    [{ lateMinutes: 1441 }, /monitoring.lateMinutes must be a whole number from 5 to 1440 minutes/],
    [{ email: "on-call" }, /monitoring.email must be an e-mail address, got "on-call"/],
    [{ topicArn: "on-call" }, /monitoring.topicArn must be the ARN of a standard SNS topic/],
    [
      { topicArn: ARN("sns", "mine"), email: "a@example.com" },
      /monitoring.email is for the stack's own topic/,
    ],
  ])("is refused as %j", (monitoring, message) => {
    expect(check(monitoring)).toThrow(message);
  });
});
