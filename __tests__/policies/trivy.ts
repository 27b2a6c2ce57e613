import { idsOf, type RecordedRun } from "./recorded-run";

/** Commit of https://github.com/aquasecurity/trivy-checks whose checks are built into the release below. */
export const CHECKS_COMMIT = "79d27547baf5";

/**
 * What trivy says of every stack of every shipped environment and variant, written as HCL. Its Terraform scanner
 * (`pkg/iac`) and its checks ran from their sources, without the command line around them.
 *
 * It did not run on the synthesized JSON, in which trivy takes nested blocks for attributes: it then reports that
 * buckets have no versions, tables no recovery and repositories no scan (AWS-0006, 0007, 0024, 0030, 0034 and 0090 fail
 * without cause), and reads no statement of a policy document.
 *
 * Each check that passes was seen to fail on a copy of a stack that was changed to break it. AWS-0346 is left out:
 * it compares a list of resources with a text, so that it fails nowhere.
 */
export const trivy: RecordedRun = {
  version: "0.74.0",
  failing: idsOf("AWS-0017 AWS-0025 AWS-0033 AWS-0066 AWS-0089 AWS-0098 AWS-0104 AWS-0132 AWS-0178"),
  passing: idsOf(
    "AWS-0006 AWS-0007 AWS-0024 AWS-0030 AWS-0031 AWS-0032 AWS-0034 AWS-0035 AWS-0036 AWS-0065 AWS-0086 AWS-0087",
    "AWS-0090 AWS-0091 AWS-0092 AWS-0093 AWS-0094 AWS-0095 AWS-0099 AWS-0107 AWS-0124 AWS-0136 AWS-0164 AWS-0320",
    "AWS-0342 AWS-0345",
  ),
};
