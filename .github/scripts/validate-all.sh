#!/usr/bin/env bash
# validate-all.sh PROGRAM: whether another implementation of Terraform, such as tofu, takes every synthesized stack and
# passes the tests of every module. Without credentials and state.
set -euo pipefail
program=$1
for directory in cdktf.out/stacks/*/ modules/*/; do
  echo "== $directory"
  "$program" -chdir="$directory" init -backend=false -input=false -no-color >/dev/null
  "$program" -chdir="$directory" validate -no-color
  if compgen -G "$directory/tests/*.tftest.hcl" >/dev/null; then "$program" -chdir="$directory" test -no-color; fi
done
