#!/usr/bin/env bash
# check-terraform.sh DIRECTORY...: refuses directories of stacks that Terraform would read more from than the one
# synthesized file, and stacks that would do more than manage resources of AWS: programs that Terraform starts
# (provisioners, data sources such as external) do not show in a plan.
set -euo pipefail

# What the project's stacks consist of. terraform_data is Terraform's own, and starts nothing without a provisioner.
refusals='
  def names(path): [path | objects | keys[]] | unique;
  def listed: join(", ");
  (keys - ["//", "check", "data", "import", "locals", "moved", "output", "provider", "removed", "resource", "terraform", "variable"]
    | select(length > 0) | "blocks other than those of a stack: \(listed)"),
  (names(.provider) - ["aws"] | select(length > 0) | "providers other than aws: \(listed)"),
  (names(.terraform | (if type == "array" then .[] else . end) | .required_providers | (if type == "array" then .[] else . end)) - ["aws"]
    | select(length > 0) | "providers other than aws: \(listed)"),
  ([.terraform | .. | objects | .source? // empty] - ["aws", "hashicorp/aws", "registry.terraform.io/hashicorp/aws"]
    | select(length > 0) | "providers from elsewhere: \(listed)"),
  ((names(.resource) + names(.data) | map(select(startswith("aws_") or . == "terraform_data" | not)))
    | select(length > 0) | "resources of other providers: \(listed)"),
  ([paths(objects, arrays) | select(.[-1] == "provisioner") | map(tostring) | join(".")]
    | select(length > 0) | "provisioners, which run programs: \(listed)")
'

refused=0
refuse() {
  echo "::error::$1"
  refused=1
}

for directory in "$@"; do
  stack=$(basename "$directory")
  # Assets are files that resources name; Terraform reads no configuration from them.
  while IFS= read -r file; do
    refuse "$stack holds $file, which was not synthesized. A stack is cdk.tf.json and its assets."
  done < <(cd "$directory" && find . ! -type d ! -path './assets/*' ! -path ./cdk.tf.json ! -path './.terraform/*' \
    ! -path ./.terraform.lock.hcl | sort)
  if [ ! -f "$directory/cdk.tf.json" ]; then
    refuse "$stack holds no cdk.tf.json."
    continue
  fi
  found=$(jq -r "$refusals" "$directory/cdk.tf.json")
  if [ -n "$found" ]; then
    while IFS= read -r line; do refuse "$stack has $line."; done <<<"$found"
  fi
done
exit "$refused"
