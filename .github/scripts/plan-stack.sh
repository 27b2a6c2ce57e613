#!/usr/bin/env bash
# plan-stack.sh STACK FOLDER: plans one synthesized stack into a folder. What it leaves there is all that a review and
# a later apply need: plan.txt, changes.json, the hash of what was planned, the provider lock, and the binary plan if
# it changes anything. Takes no lock: the role that plans can write nothing.
set -euo pipefail
stack=$1
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$2"
folder=$(cd "$2" && pwd)
cd "cdktf.out/stacks/$stack"

terraform init -input=false -no-color
status=0
terraform plan -input=false -no-color -lock=false -detailed-exitcode -out=tfplan || status=$?
# 0: nothing to change, 2: something.
[ "$status" = 0 ] || [ "$status" = 2 ] || exit "$status"

terraform show -no-color tfplan >"$folder/plan.txt"
terraform show -json tfplan | "$scripts/plan-changes.mjs" >"$folder/changes.json"
sha256sum cdk.tf.json >"$folder/terraform.sha256"
if [ -f .terraform.lock.hcl ]; then cp .terraform.lock.hcl "$folder/provider.lock.hcl"; fi
if [ "$status" = 2 ]; then cp tfplan "$folder/tfplan"; fi
