#!/usr/bin/env bash
# apply-stacks.sh PLANS STACK...: applies reviewed plans in this order, and nothing else. Terraform itself refuses a
# plan whose state has changed since ("Saved plan is stale"). A stack without changes has no plan to apply.
set -euo pipefail
plans=$(cd "$1" && pwd)
shift
"$(dirname "${BASH_SOURCE[0]}")/check-plans.sh" "$plans" "$@"
for stack in "$@"; do
  reviewed=$plans/plan-$stack
  if [ ! -f "$reviewed/tfplan" ]; then
    echo "$stack: nothing to change"
    continue
  fi
  (
    cd "cdktf.out/stacks/$stack"
    # The plan names the provider release that made it.
    if [ -f "$reviewed/provider.lock.hcl" ]; then cp "$reviewed/provider.lock.hcl" .terraform.lock.hcl; fi
    terraform init -input=false -no-color -lockfile=readonly
    terraform apply -input=false -no-color -lock-timeout=5m "$reviewed/tfplan"
  )
done
