#!/usr/bin/env bash
# plan-offline.sh STACK...: what each stack would create in an empty account, as Markdown, without credentials. For
# forks, and for environments that no pipeline may enter.
set -euo pipefail
override=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/offline_override.tf.json
for stack in "$@"; do
  (
    cd "cdktf.out/stacks/$stack"
    "$(dirname "$override")/scripts/check-terraform.sh" "$PWD" >&2
    trap 'rm -f offline_override.tf.json' EXIT
    cp "$override" offline_override.tf.json
    terraform init -input=false -no-color >&2
    terraform plan -input=false -no-color -lock=false -out=.terraform/tfplan >&2
    printf '<details><summary><code>%s</code>, planned into an empty account</summary>\n\n```hcl\n' "$stack"
    terraform show -no-color .terraform/tfplan
    printf '```\n\n</details>\n\n'
  )
done
