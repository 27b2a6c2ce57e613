import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import type { Construct } from "constructs";
import { awsLocation } from "../../../stacks/constructs/aws/aws-location";
import {
  RecordTransform,
  type RecordTransformProps,
  transformProblems,
} from "../../../stacks/constructs/delivery/record-transform";
import { ConstructStack } from "../../helpers/construct-stack";

const directory = mkdtempSync(join(tmpdir(), "record-transform-"));
const archivePath = join(directory, "transform.zip");
writeFileSync(archivePath, "not really a zip");
afterAll(() => rmSync(directory, { recursive: true }));

function transformIn(stack: Construct, props: Partial<RecordTransformProps> = {}): RecordTransform {
  return new RecordTransform(stack, "transform", {
    location: awsLocation("333333333333", "eu-west-1"),
    functionName: "tweets-test-transform",
    archivePath,
    roleName: "tweets-test-data-transform",
    logGroupName: "tweets-test-data/transform",
    logRetentionDays: 30,
    ...props,
  });
}

describe("the transform function", () => {
  const stack = new ConstructStack();
  const transform = transformIn(stack, { metricsNamespace: "tweets" });
  const granted: unknown[] = [];
  transform.grantInvoke({ addStatement: (statement) => granted.push(statement) });
  const { synthesized } = stack;

  it("runs the bundle's handler on a runtime that all supported providers know", () => {
    expect(synthesized.one("aws_lambda_function")).toMatchObject({
      function_name: "tweets-test-transform",
      runtime: "nodejs22.x",
      handler: "index.handler",
      memory_size: 256,
      timeout: 60,
      environment: { variables: { METRICS_NAMESPACE: "tweets" } },
    });
  });

  it("is found by its content, beside its stack", () => {
    const { filename, source_code_hash } = synthesized.one("aws_lambda_function");
    const content = readFileSync(archivePath);
    expect(source_code_hash).toBe(createHash("sha256").update(content).digest("base64"));
    expect(filename).toMatch(/^assets\/.+\/[0-9a-f]{16}\/transform\.zip$/);
  });

  it("may write to its own log group and do nothing else", () => {
    expect(synthesized.statements("transform_role_permissions_document")).toEqual([
      {
        sid: "WriteLogs",
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: ["arn:aws:logs:eu-west-1:333333333333:log-group:tweets-test-data/transform:log-stream:*"],
      },
    ]);
  });

  it("logs into a group with retention, unformatted", () => {
    expect(synthesized.one("aws_cloudwatch_log_group")).toMatchObject({ retention_in_days: 30 });
    expect(synthesized.one("aws_lambda_function").logging_config).toMatchObject({ log_format: "Text" });
  });

  it("lets Firehose invoke exactly this function", () => {
    const arn = "arn:aws:lambda:eu-west-1:333333333333:function:tweets-test-transform";
    expect(transform.processor).toMatchObject({ type: "Lambda", functionArn: `${arn}:$LATEST` });
    expect(granted).toEqual([
      {
        sid: "InvokeTransform",
        actions: ["lambda:GetFunctionConfiguration", "lambda:InvokeFunction"],
        resources: [arn, `${arn}:$LATEST`],
      },
    ]);
  });

  it("takes its archive along into the synthesized stack", () => {
    const app = new App({ outdir: join(directory, "out") });
    const own = new ConstructStack(app);
    transformIn(own);
    app.synth();
    const written = JSON.parse(readFileSync(join(directory, "out/stacks/stack/cdk.tf.json"), "utf8"));
    const { filename } = written.resource.aws_lambda_function.transform;
    expect(readFileSync(join(directory, "out/stacks/stack", filename), "utf8")).toBe("not really a zip");
  });

  it("encrypts its variables with the customer's key, and may read them", () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:333333333333:key/abc";
    const encrypted = new ConstructStack();
    transformIn(encrypted, { kmsKeyArn });
    expect(encrypted.synthesized.one("aws_lambda_function").kms_key_arn).toBe(kmsKeyArn);
    expect(encrypted.synthesized.statements("transform_role_permissions_document")).toContainEqual({
      sid: "ReadVariables",
      actions: ["kms:Decrypt"],
      resources: [kmsKeyArn],
    });
  });

  it("is refused without an archive, with the way to make one", () => {
    const missing = new ConstructStack();
    const { node } = transformIn(missing, { archivePath: "/nowhere/transform.zip" });
    const problems = node.findAll().flatMap((each) => each.node.validate());
    expect(problems.join()).toContain("/nowhere/transform.zip does not exist. Build it: npm run build");
  });
});

describe("bounds of the transform", () => {
  it.each([{ memoryMiB: 128 }, { memoryMiB: 10240 }, { timeoutSeconds: 1 }, { timeoutSeconds: 300 }, {}])(
    "accepts %j",
    (props) => {
      expect(transformProblems(props)).toEqual([]);
    },
  );

  it.each([
    ["memoryMiB", { memoryMiB: 127 }],
    ["memoryMiB", { memoryMiB: 10241 }],
    ["memoryMiB", { memoryMiB: 256.5 }],
    ["timeoutSeconds", { timeoutSeconds: 0 }],
    ["timeoutSeconds", { timeoutSeconds: 301 }],
    ["functionName", { functionName: "a function" }],
  ])("refuses a wrong %s: %j", (path, props) => {
    expect(transformProblems(props)).toMatchObject([{ path }]);
  });
});
