#!/usr/bin/env bash
# check-environments.sh ENVIRONMENTS: of a JSON list, whether each GitHub environment asks a person before a job gets
# its token, and takes no branch but those it names. GitHub creates an environment without any rule when a workflow
# names one that does not exist: then nobody would be asked.
set -euo pipefail
refused=0
refuse() {
  echo "::error::$1 Settings, Environments: docs/github.md."
  refused=1
}
for environment in $(jq -r '.[].environment' <<<"$1"); do
  if ! rules=$(gh api "repos/$GITHUB_REPOSITORY/environments/$environment" 2>&1); then
    refuse "The GitHub environment $environment cannot be read: $(tail -n 1 <<<"$rules")."
    continue
  fi
  jq -e '[.protection_rules[]? | select(.type == "required_reviewers") | .reviewers[]?] | length > 0' <<<"$rules" \
    >/dev/null || refuse "The GitHub environment $environment has no required reviewers."
  jq -e '.deployment_branch_policy != null' <<<"$rules" >/dev/null ||
    refuse "The GitHub environment $environment takes any branch: limit it to main."
done
exit "$refused"
