/** Audits by schedule: what they may do, and what alarms see of them. */
import { environmentWith } from "../helpers/environment";
import { type Synthesized, synthesize } from "../helpers/synth";

const KEY = "arn:aws:kms:eu-west-1:333333333333:key/11111111-2222-3333-4444-555555555555";
const BUCKET = "arn:aws:s3:::tweets-test-tweets-333333333333";

const stackWith = (changes: Parameters<typeof environmentWith>[0]) =>
  synthesize(environmentWith(changes)).ingester;

/** What the ingester may do beside its own work. */
const readings = (stack: Synthesized) =>
  stack
    .statements("ingester_task_role_permissions_document")
    .filter(
      ({ sid }) => !["PutRecords", "KeepLedger", "UseLedgerKey", "EncryptRecords"].includes(String(sid)),
    );

function alarmOf(stack: Synthesized, id: string) {
  const alarms = Object.values(stack.all("aws_cloudwatch_metric_alarm"));
  return alarms.find(({ alarm_name }) => alarm_name === `tweets-test-ingester-${id}`);
}

describe("without an audit", () => {
  const stack = stackWith({ kmsKeyArn: KEY });

  it("there is no schedule, no alarm, and no permission to read posts", () => {
    expect(stack.all("aws_scheduler_schedule")).toEqual({});
    expect([alarmOf(stack, "audit-failed"), alarmOf(stack, "not-audited")]).toEqual([undefined, undefined]);
    expect(JSON.stringify(stack.statements("ingester_task_role_permissions_document"))).not.toMatch(/s3:/);
  });
});

describe("an audit", () => {
  const stack = stackWith({ audit: {} });

  it("is a task of the service's definition each day, in a schedule group of its own", () => {
    expect(stack.all("aws_ecs_service")).not.toEqual({});
    expect(stack.one("aws_scheduler_schedule_group").name).toBe("tweets-test-ingester-audit");
    expect(stack.one("aws_scheduler_schedule")).toMatchObject({
      name: "tweets-test-ingester-audit",
      schedule_expression: "rate(1 day)",
      state: "ENABLED",
      target: {
        role_arn: `\${aws_iam_role.ingester_audit_role.arn}`,
        ecs_parameters: { task_definition_arn: `\${aws_ecs_task_definition.ingester_task.arn}` },
      },
    });
    const [runTask] = stack.statements("ingester_audit_role_permissions_document");
    expect(runTask?.resources).toEqual([
      "arn:aws:ecs:eu-west-1:333333333333:task-definition/tweets-test-ingester:*",
    ]);
  });

  it("may list and read the folders of posts and errors, and no key", () => {
    const owner = { test: "StringEquals", variable: "aws:ResourceAccount", values: ["333333333333"] };
    const patterns = ["tweets/*", "tweets-parquet/*", "errors/*"];
    expect(readings(stack)).toEqual([
      {
        sid: "ListObjects",
        actions: ["s3:ListBucket"],
        resources: [BUCKET],
        condition: [owner, { test: "StringLike", variable: "s3:prefix", values: patterns }],
      },
      {
        sid: "ReadObjects",
        actions: ["s3:GetObject"],
        resources: patterns.map((pattern) => `${BUCKET}/${pattern}`),
        condition: [owner],
      },
    ]);
  });

  it("may decrypt with the bucket's key, through S3 alone", () => {
    const [, , decrypt] = readings(stackWith({ audit: {}, kmsKeyArn: KEY }));
    expect(decrypt).toMatchObject({ sid: "DecryptObjects", actions: ["kms:Decrypt"], resources: [KEY] });
    expect(JSON.stringify(decrypt?.condition)).toContain("s3.eu-west-1.amazonaws.com");
  });

  it("reads an existing bucket of another account with that bucket's key", () => {
    const existingBucket = { bucket: "team-posts", kmsKeyArn: KEY, accountId: "444444444444" };
    const [list, , decrypt] = readings(stackWith({ audit: {}, storage: { existingBucket } }));
    expect(list).toMatchObject({ resources: ["arn:aws:s3:::team-posts"] });
    expect(JSON.stringify(list?.condition)).toContain('"444444444444"');
    expect(decrypt?.resources).toEqual([KEY]);
  });

  it("runs beside a schedule of the ingester, with a role that is there already for both", () => {
    const role = "arn:aws:iam::333333333333:role/scheduler";
    const run = { mode: "schedule", expression: "rate(1 hour)" } as const;
    const both = stackWith({ audit: {}, worker: { run, schedulerRoleArn: role } });
    const schedules = Object.values(both.all("aws_scheduler_schedule"));
    expect(schedules.map(({ name }) => name).sort()).toEqual([
      "tweets-test-ingester",
      "tweets-test-ingester-audit",
    ]);
    expect(schedules.map(({ target }) => (target as { role_arn: string }).role_arn)).toEqual([role, role]);
    expect(Object.keys((JSON.parse(both.json) as { output: object }).output)).toEqual(
      expect.arrayContaining(["scheduler_role_permissions", "audit_role_permissions"]),
    );
  });
});

describe("the alarms of an audit", () => {
  it("go off at the first breach, and stay until an audit without one", () => {
    expect(alarmOf(stackWith({ audit: {} }), "audit-failed")).toMatchObject({
      metric_name: "AuditBreaches",
      comparison_operator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      treat_missing_data: "ignore",
    });
  });

  it.each([
    ["two days", "rate(1 day)", undefined, 48 * 3600],
    ["two intervals", "rate(10 hours)", undefined, 20 * 3600],
    ["two hours at least", "rate(5 minutes)", undefined, 2 * 3600],
    ["26 hours for a cron", "cron(0 6 * * ? *)", undefined, 26 * 3600],
    ["what is asked for", "cron(0 6 ? * MON *)", 10_080, 7 * 86_400],
  ])("go off after %s without an audit", (_what, expression, notAuditedMinutes, seconds) => {
    const monitoring = notAuditedMinutes === undefined ? {} : { notAuditedMinutes };
    const alarm = alarmOf(stackWith({ audit: { expression }, monitoring }), "not-audited");
    expect(Number(alarm?.period) * Number(alarm?.evaluation_periods)).toBe(seconds);
    expect(alarm).toMatchObject({ metric_name: "Audits", statistic: "Sum", treat_missing_data: "breaching" });
  });

  it.each([
    ["a rate whose two intervals CloudWatch cannot look back on", "rate(4 days)", undefined],
    ["a cron that leaves out days", "cron(0 6 ? * MON-FRI *)", undefined],
    ["0 minutes", "rate(1 day)", 0],
  ])("miss no audit with %s", (_what, expression, notAuditedMinutes) => {
    const monitoring = notAuditedMinutes === undefined ? {} : { notAuditedMinutes };
    const stack = stackWith({ audit: { expression }, monitoring });
    expect(alarmOf(stack, "not-audited")).toBeUndefined();
    expect(alarmOf(stack, "audit-failed")).toBeDefined();
  });
});
