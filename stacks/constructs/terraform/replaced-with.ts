import { App, type TerraformResource } from "cdktf";

/**
 * Replaces a resource whenever another one gets a new ID. An override, because CDKTF's `lifecycle` writes every
 * reference in quotes, which Terraform accepts only in JSON; text in brackets is unchanged in HCL.
 */
export function replacedWith(resource: TerraformResource, other: TerraformResource): void {
  const reference = `${other.terraformResourceType}.${other.friendlyUniqueId}.id`;
  const triggers = App.of(resource).hclOutput ? `[${reference}]` : [reference];
  resource.addOverride("lifecycle.replace_triggered_by", triggers);
}
