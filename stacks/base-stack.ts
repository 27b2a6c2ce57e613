import { AwsProvider, type AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import { LocalBackend, S3Backend, TerraformElement, TerraformResource, TerraformStack } from "cdktf";
import type { Construct, Node } from "constructs";
import { AWS_PROVIDER_RANGE } from "./constructs/terraform/provider-range";
import { readableId } from "./constructs/terraform/readable-id";
import type { EnvironmentConfig } from "./environment/environment";

/** Common parts of every stack: provider, state, tags and readable addresses. */
export abstract class BaseStack extends TerraformStack {
  private readonly pathsByAddress = new Map<string, string>();

  constructor(scope: Construct, id: string, config: EnvironmentConfig) {
    super(scope, id);
    new AwsProvider(this, "aws", providerConfig(id, config));
    // No required_version: cdktf's HCL output renders it wrongly.
    this.addOverride("terraform.required_providers.aws.version", AWS_PROVIDER_RANGE);
    this.keepState(config);
  }

  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = element instanceof TerraformElement ? element.node : element;
    const id = readableId(this, node);
    this.claim(`${elementType(element)}.${id}`, node.path);
    return id;
  }

  /** Two constructs with the same address would become one resource without an error. */
  private claim(address: string, path: string): void {
    const owner = this.pathsByAddress.get(address) ?? path;
    if (owner !== path) {
      throw new Error(
        `Both ${owner} and ${path} would be ${address}. Give one of them another construct id.`,
      );
    }
    this.pathsByAddress.set(address, path);
  }

  private keepState({ state = { kind: "local" }, region }: EnvironmentConfig): void {
    const stack = this.node.id;
    if (state.kind === "local") {
      // In the directory of cdktf.json, relative to the stack's own: cdktf.out may be deleted at any time.
      new LocalBackend(this, { path: `../../../terraform.${stack}.tfstate` });
      return;
    }
    new S3Backend(this, {
      bucket: state.bucket,
      key: `${state.keyPrefix ?? ""}${stack}/terraform.tfstate`,
      region: state.region ?? region,
      encrypt: true,
      ...(state.kmsKeyArn ? { kmsKeyId: state.kmsKeyArn } : {}),
    });
    this.addOverride("terraform.backend.s3.use_lockfile", true);
  }
}

function elementType(element: TerraformElement | Node): string {
  return element instanceof TerraformResource ? element.terraformResourceType : element.constructor.name;
}

function providerConfig(stack: string, config: EnvironmentConfig): AwsProviderConfig {
  const { app, environment, accountId, region, tags = {}, assumeRole } = config;
  return {
    region,
    allowedAccountIds: [accountId],
    defaultTags: [{ tags: { ...tags, app, environment, stack } }],
    ...(assumeRole ? { assumeRole: [assumeRole] } : {}),
    ...(config.emulator ? emulatorAccess(accountId) : {}),
  };
}

/**
 * The endpoint comes from AWS_ENDPOINT_URL when Terraform runs. Emulators with several accounts read the account from
 * the access key; others accept any key.
 */
function emulatorAccess(accountId: string): AwsProviderConfig {
  return {
    accessKey: accountId,
    secretKey: "emulator",
    s3UsePathStyle: true,
    skipCredentialsValidation: true,
    skipMetadataApiCheck: "true",
  };
}
