/** Where the AWS SDK finds credentials, changed while it runs: a shared file, and a container's endpoint. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "./world";

/** No credentials in the environment: they come before all others. */
const NO_KEYS = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };

export class CredentialsFile {
  private readonly directory = mkdtempSync(join(tmpdir(), "credentials-"));
  private readonly path = join(this.directory, "credentials");

  constructor(keyId: string) {
    this.write(keyId);
  }

  get environment(): Environment {
    return { ...NO_KEYS, AWS_SHARED_CREDENTIALS_FILE: this.path, AWS_CONFIG_FILE: "/nowhere" };
  }

  write(keyId: string): void {
    this.writeText(`[default]\naws_access_key_id = ${keyId}\naws_secret_access_key = secret\n`);
  }

  writeText(text: string): void {
    writeFileSync(this.path, text);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** What ECS and EKS offer to a container: keys over HTTP, for a caller that knows the token of a file. */
export class ContainerEndpoint {
  readonly handedOut: string[] = [];
  private readonly directory = mkdtempSync(join(tmpdir(), "container-"));
  private readonly tokenFile = join(this.directory, "token");
  private readonly server = createServer((request, response) => {
    if (request.headers.authorization !== this.token) return response.writeHead(401).end("{}");
    this.handedOut.push(this.keyId);
    return response.writeHead(200, { "content-type": "application/json" }).end(
      JSON.stringify({
        AccessKeyId: this.keyId,
        SecretAccessKey: "secret",
        Token: `session of ${this.keyId}`,
        Expiration: new Date(Date.now() + this.lifetimeMs).toISOString(),
      }),
    );
  });
  private token = "";

  /** @param lifetimeMs until the keys expire, as the endpoint says; a clock that runs ahead makes it negative */
  constructor(
    public keyId: string,
    private readonly lifetimeMs = 6 * 3_600_000,
  ) {
    this.setToken("first-token");
  }

  setToken(token: string): void {
    this.token = token;
    writeFileSync(this.tokenFile, token);
  }

  async listen(): Promise<Environment> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    const { port } = this.server.address() as AddressInfo;
    return {
      ...NO_KEYS,
      AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
      AWS_CONFIG_FILE: "/nowhere",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: this.tokenFile,
    };
  }

  close(): void {
    this.server.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
