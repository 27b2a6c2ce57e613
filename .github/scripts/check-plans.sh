#!/usr/bin/env bash
# check-plans.sh PLANS STACK...: whether every stack here is, file by file and byte by byte, what was planned in the
# pull request, and whether each plan holds the configuration of its stack and no other.
set -euo pipefail
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
plans=$(cd "$1" && pwd)
shift
refused=0
refuse() {
  echo "::error::$1"
  refused=1
}

# Terraform applies the configuration that is stored in the plan, not the one on the disk.
holds_only() {
  local plan=$1 file=$2
  [ "$(unzip -Z1 "$plan" 'tfconfig/*' | LC_ALL=C sort | tr '\n' ' ')" = "tfconfig/m-/cdk.tf.json tfconfig/modules.json " ] &&
    unzip -p "$plan" tfconfig/m-/cdk.tf.json | cmp --silent - "$file"
}

for stack in "$@"; do
  directory=cdktf.out/stacks/$stack
  planned=$plans/plan-$stack
  "$scripts/check-terraform.sh" "$directory" || refused=1
  if [ ! -f "$planned/terraform.sha256" ]; then
    refuse "$stack was not planned in the pull request. Open a pull request that plans it."
  elif ! "$scripts/hash-stack.sh" "$directory" | cmp --silent - "$planned/terraform.sha256"; then
    refuse "$stack is no longer what was reviewed: something else was merged in between. Open a pull request from the \
newest main, so that the difference is planned and reviewed."
  elif [ -f "$planned/tfplan" ] && ! holds_only "$planned/tfplan" "$directory/cdk.tf.json"; then
    refuse "The plan of $stack holds another configuration than main. Do not apply it: find out where it comes from."
  fi
done
exit "$refused"
