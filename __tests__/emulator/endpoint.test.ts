import { Emulator, endpointProblem } from "./emulator";

describe("an emulator's endpoint", () => {
  it.each(["http://127.0.0.1:5000", "http://localhost.localstack.cloud:4566", "http://moto:5000/"])(
    "may be %s",
    (endpoint) => {
      expect(endpointProblem(endpoint)).toBeUndefined();
    },
  );

  it.each([
    "https://s3.amazonaws.com",
    "https://firehose.eu-west-1.amazonaws.com",
    "https://firehose.cn-north-1.amazonaws.com.cn",
    "https://ecs.eu-west-1.api.aws",
  ])("is never AWS: %s", (endpoint) => {
    expect(endpointProblem(endpoint)).toContain("got AWS itself");
  });

  it("is a URL", () => {
    expect(endpointProblem("localhost")).toContain('must be a URL, got "localhost"');
  });
});

describe("a process that talks to the emulator", () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  it("gets nothing that points to AWS", () => {
    Object.assign(process.env, {
      AWS_PROFILE: "production",
      AWS_SESSION_TOKEN: "real",
      AWS_ENDPOINT_URL_S3: "https://s3.amazonaws.com",
      X_BEARER_TOKEN: "real",
    });
    const { environment } = new Emulator({ accountId: "123456789012", region: "us-east-1" });
    expect(Object.entries(environment).filter(([name]) => /^(AWS|X)_/.test(name))).toEqual([
      ["AWS_ENDPOINT_URL", expect.stringMatching(/^https?:/)],
      ["AWS_REGION", "us-east-1"],
      ["AWS_ACCESS_KEY_ID", "123456789012"],
      ["AWS_SECRET_ACCESS_KEY", "emulator"],
      ["AWS_EC2_METADATA_DISABLED", "true"],
    ]);
  });
});
