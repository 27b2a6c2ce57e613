#!/usr/bin/env bash
# check-plans.sh PLANS STACK...: whether every stack here is, to the byte, what was planned in the pull request.
set -euo pipefail
plans=$(cd "$1" && pwd)
shift
refused=0
for stack in "$@"; do
  planned=$plans/plan-$stack/terraform.sha256
  if [ ! -f "$planned" ]; then
    echo "::error::$stack was not planned in the pull request. Open a pull request that plans it."
    refused=1
  elif ! (cd "cdktf.out/stacks/$stack" && sha256sum --check --status "$planned"); then
    echo "::error::$stack is no longer what was reviewed: something else was merged in between. Open a pull request" \
      "from the newest main, so that the difference is planned and reviewed."
    refused=1
  fi
done
exit "$refused"
