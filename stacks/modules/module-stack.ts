import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import {
  type App,
  dependable,
  Fn,
  type ITerraformDependable,
  TerraformElement,
  TerraformOutput,
  TerraformResource,
  TerraformStack,
  Token,
} from "cdktf";
import type { Node } from "constructs";
import type { AwsLocation } from "../constructs/aws/aws-location";
import { AWS_PROVIDER_RANGE } from "../constructs/terraform/provider-range";
import { readableId } from "../constructs/terraform/readable-id";
import type { Ingester } from "../ingestion/ingester";
import { sameRegion } from "./bound-validation";
import { type ModuleDocument, withOptionalParts, withoutUnusedLocals } from "./module-document";
import { ModuleInputs } from "./module-inputs";

export interface OutputProps {
  readonly value: string;
  readonly description: string;
  /** Resources that must exist before the value can be used. */
  readonly created: readonly ITerraformDependable[];
}

/**
 * A stack that is rendered as a Terraform module: the caller configures provider and state. Variables and outputs keep
 * their names, and resources the addresses that they have in a stack.
 */
export abstract class ModuleStack extends TerraformStack {
  protected readonly inputs = new ModuleInputs(this);

  /** @param title of the README: what the module makes */
  protected constructor(
    app: App,
    id: string,
    readonly title: string,
  ) {
    super(app, id);
    // CDKTF requires a provider; the module's document leaves it out.
    new AwsProvider(this, "aws", {});
  }

  /** Description for the README: what is fixed, and what the caller must provide. */
  abstract readonly summary: string;

  /** The module's blocks, without provider and backend. */
  moduleDocument(): ModuleDocument {
    const { provider: _provider, "//": _metadata, terraform: _terraform, ...blocks } = this.toTerraform();
    const aws = { source: "hashicorp/aws", version: AWS_PROVIDER_RANGE };
    return {
      ...withoutUnusedLocals(withOptionalParts(blocks)),
      terraform: { required_version: ">= 1.11.0", required_providers: { aws } },
    };
  }

  /** Adds the caller's tags to every resource that supports tags. */
  protected tagEverything(): void {
    const tags = this.inputs.tags();
    for (const resource of this.node.findAll()) {
      if (!(resource instanceof TerraformResource) || !("tagsInput" in resource)) continue;
      const own = resource.tagsInput as Readonly<Record<string, string>> | undefined;
      resource.addOverride("tags", own ? Fn.merge([Token.asAny(tags), own]) : tags);
    }
  }

  /** The caller's key for everything that can be encrypted with one. */
  protected kmsKeyArn(): string {
    return this.inputs.optionalString("kms_key_arn", {
      description:
        "Customer-managed key for all that is stored here; its policy must let IAM policies of the account and `logs.<region>.amazonaws.com` use it. Null: keys that AWS owns.",
      bound: "kmsKeyArn",
      pairs: [sameRegion("kms_key_arn", "a key", true)],
    });
  }

  protected override allocateLogicalId(element: TerraformElement | Node): string {
    return readableId(this, element instanceof TerraformElement ? element.node : element);
  }

  /** The value is built from names and known in the first plan; its users are created after `created`. */
  protected output(name: string, { value, description, created }: OutputProps): void {
    const output = new TerraformOutput(this, `${name}_output`, { value, description });
    output.overrideLogicalId(name);
    // CDKTF's own dependsOn of an output renders an expression, where Terraform requires an address.
    output.addOverride("depends_on", created.map(dependable));
  }

  /** Names and ARNs of the ingester's cluster, roles and security group. */
  protected ingesterOutputs(name: string, { worker, dependables: created }: Ingester): void {
    this.output("cluster_name", {
      value: name,
      description: "Name of the cluster and of the service in it.",
      created,
    });
    this.output("log_group_name", {
      value: `${name}/ingester`,
      description: "Log group of the ingester.",
      created,
    });
    this.output("metrics_namespace", {
      value: name,
      description: "CloudWatch namespace of the ingester's metrics.",
      created,
    });
    const roles = { task: worker.taskRole, execution: worker.executionRole };
    this.output("cluster_arn", { value: worker.clusterArn, description: "ARN of the cluster.", created });
    for (const [name, { knownArn: value }] of Object.entries(roles)) {
      this.output(`${name}_role_arn`, { value, description: `ARN of the ${name} role.`, created });
    }
    const { securityGroupId: value = "" } = worker;
    this.output("security_group_id", { value, description: "Security group of the tasks.", created });
  }

  /** Account and region are variables, so that every ARN and every document is known in the first plan. */
  protected location(): AwsLocation {
    return {
      accountId: this.inputs.string("account_id", {
        description: "Twelve digits of the account that the caller's provider works in.",
        bound: "accountId",
      }),
      region: this.inputs.string("region", {
        description: "Region that the caller's provider works in, for example `eu-west-1`.",
        bound: "region",
      }),
      partition: this.inputs.string("partition", {
        description: "First part of every ARN: `aws`, `aws-cn` or `aws-us-gov`.",
        default: "aws",
        bound: "partition",
      }),
      dnsSuffix: this.inputs.string("dns_suffix", {
        description: "Domain of the partition: `amazonaws.com`, or `amazonaws.com.cn` in China.",
        default: "amazonaws.com",
        bound: "dnsSuffix",
      }),
    };
  }

  protected logRetentionDays(): number {
    return this.inputs.number("log_retention_days", {
      description: "Days that logs are kept.",
      default: 30,
      bound: "logRetentionDays",
    });
  }
}
