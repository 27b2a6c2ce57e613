#!/usr/bin/env bash
# hash-stack.sh DIRECTORY: the SHA-256 of every file that a stack was synthesized with, sorted by name.
set -euo pipefail
cd "$1"
find . -type f ! -path './.terraform/*' ! -path ./.terraform.lock.hcl -print0 | LC_ALL=C sort -z |
  xargs -0 sha256sum
