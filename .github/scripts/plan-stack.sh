#!/usr/bin/env bash
# plan-stack.sh STACK FOLDER: plans one synthesized stack into a folder. What it leaves there is all that a review and
# a later apply need: plan.txt, changes.json, the hashes of what was planned, the provider lock, and the binary plan if
# it changes anything; or refused.txt, with what cannot be planned. Takes no lock: the role that plans can write nothing.
set -euo pipefail
stack=$1
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$2"
folder=$(cd "$2" && pwd)
cd "cdktf.out/stacks/$stack"

# Before init: it downloads providers, and a plan runs data sources.
"$scripts/check-terraform.sh" "$PWD" | tee "$folder/refused.txt"
rm "$folder/refused.txt"
"$scripts/hash-stack.sh" . >"$folder/terraform.sha256"
terraform init -input=false -no-color
status=0
terraform plan -input=false -no-color -lock=false -detailed-exitcode -out="$folder/tfplan" || status=$?
# 0: nothing to change, 2: something.
[ "$status" = 0 ] || [ "$status" = 2 ] || exit "$status"

terraform show -no-color "$folder/tfplan" >"$folder/plan.txt"
terraform show -json "$folder/tfplan" | "$scripts/plan-changes.mjs" >"$folder/changes.json"
if [ -f .terraform.lock.hcl ]; then cp .terraform.lock.hcl "$folder/provider.lock.hcl"; fi
if [ "$status" = 0 ]; then rm "$folder/tfplan"; fi
