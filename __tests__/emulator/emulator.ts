import { describeWithTerraform } from "../helpers/terraform";

/** Where the emulator listens; undefined where none is named. */
const ENDPOINT = process.env.AWS_ENDPOINT_URL || undefined;

/** Jest's `describe` where AWS_ENDPOINT_URL names an emulator; elsewhere one line says why not. */
export function describeWithEmulator(name: string, tests: () => void): void {
  if (ENDPOINT === undefined) {
    process.stderr.write(
      "Emulator tests skipped: AWS_ENDPOINT_URL names no AWS emulator (docs/emulator.md).\n",
    );
    // Without an emulator there is nothing to deploy to.
    describe.skip(name, tests);
    return;
  }
  const problem = endpointProblem(ENDPOINT);
  if (problem === undefined) describeWithTerraform(name, tests);
  else {
    it(`${name}: is deployed to an emulator, never to AWS`, () => {
      throw new Error(problem);
    });
  }
}

/** Everything below creates and destroys resources: AWS itself is never a target. */
export function endpointProblem(endpoint: string): string | undefined {
  const fix = "Give the URL of an emulator, such as http://127.0.0.1:5000.";
  if (!URL.canParse(endpoint)) return `AWS_ENDPOINT_URL must be a URL, got "${endpoint}". ${fix}`;
  const { hostname } = new URL(endpoint);
  return /(^|\.)(amazonaws\.com(\.cn)?|api\.aws)$/.test(hostname)
    ? `AWS_ENDPOINT_URL must name an emulator, got AWS itself: "${endpoint}". ${fix}`
    : undefined;
}

export interface EmulatorProps {
  readonly accountId: string;
  readonly region: string;
}

/** One account and region of the emulator. */
export class Emulator {
  readonly url = new URL(ENDPOINT ?? "http://emulator.invalid");

  constructor(private readonly props: EmulatorProps) {}

  /**
   * Environment of a process that talks to the emulator: nothing that points to AWS is passed on, neither profiles
   * nor credentials nor endpoints of single services. An account id as access key is how emulators tell accounts
   * apart.
   */
  get environment(): Record<string, string> {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS|X|TF_VAR)_/.test(name));
    return {
      ...(Object.fromEntries(inherited) as Record<string, string>),
      AWS_ENDPOINT_URL: this.url.href.replace(/\/$/, ""),
      AWS_REGION: this.props.region,
      AWS_ACCESS_KEY_ID: this.props.accountId,
      AWS_SECRET_ACCESS_KEY: "emulator",
      AWS_EC2_METADATA_DISABLED: "true",
    };
  }

  /** Terraform would try again for minutes. @throws when nothing listens */
  async mustAnswer(): Promise<void> {
    await fetch(this.url, { signal: AbortSignal.timeout(10_000) }).catch((cause) => {
      const fix = "Start the emulator, or unset AWS_ENDPOINT_URL.";
      throw new Error(`Nothing answers at AWS_ENDPOINT_URL=${this.url.href}. ${fix}`, { cause });
    });
  }

  /** A JSON call, such as `json("ecs", "AmazonEC2ContainerServiceV20141113.ListClusters", {})`. */
  async json<Answer>(service: string, target: string, body: object): Promise<Answer> {
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": target };
    const answer = await this.call(service, { method: "POST", headers, body: JSON.stringify(body) });
    // Some calls answer nothing.
    return JSON.parse(answer.toString("utf8") || "null") as Answer;
  }

  /** A query call, such as `query("iam", { Action: "ListRoles", Version: "2010-05-08" })`. @returns XML */
  async query(service: string, parameters: Readonly<Record<string, string>>): Promise<string> {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const body = new URLSearchParams(parameters).toString();
    return (await this.call(service, { method: "POST", headers, body })).toString("utf8");
  }

  /** A GET request of S3's, by path. */
  s3(path: string): Promise<Buffer> {
    return this.call("s3", { method: "GET" }, path);
  }

  /** Emulators read account, region and service out of the signature and do not check it. */
  private async call(service: string, request: RequestInit, path = "/"): Promise<Buffer> {
    const { accountId, region } = this.props;
    const scope = `${accountId}/20260101/${region}/${service}/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`;
    const headers = { ...(request.headers as Record<string, string>), authorization };
    const response = await fetch(new URL(path, this.url), { ...request, headers });
    const body = Buffer.from(await response.arrayBuffer());
    if (!response.ok) throw new Error(`${service} answered ${response.status}: ${body.toString("utf8")}`);
    return body;
  }
}
