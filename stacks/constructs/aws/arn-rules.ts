import type { BoundName } from "../checks/bounds";
import { boundProblems, isSound, type Problem, problem } from "../checks/check";
import { accountOf, partitionOf, regionOf } from "./aws-location";

/** Where the parts of an ARN must agree with the place that it is used in. */
export interface ArnPlace {
  readonly partition?: string | undefined;
  readonly region?: string | undefined;
  readonly accountId?: string | undefined;
}

/** One ARN of a configuration, and what it must be. */
export interface ArnRule {
  /** Row of the table of bounds with its form. */
  readonly bound: BoundName;
  readonly arn: string | undefined;
  /** Kind of the resource: "a key", "a topic". */
  readonly what: string;
  /** Why another place is refused, or what to do: a whole sentence. */
  readonly fix: string;
}

const PARTS = [
  { field: "partition", read: partitionOf, text: (value: string) => `of the partition ${value}` },
  { field: "region", read: regionOf, text: (value: string) => `of ${value}` },
  { field: "accountId", read: accountOf, text: (value: string) => `of the account ${value}` },
] as const;

/**
 * Checks the form of an ARN, then its partition, region and account: AWS would refuse a wrong one in the middle of a
 * deployment. References that only Terraform can resolve pass.
 * @param place only with the parts that must agree
 */
export function arnProblems(path: string, { bound, arn, what, fix }: ArnRule, place: ArnPlace): Problem[] {
  const wrong = boundProblems(bound, path, arn);
  if (wrong.length > 0 || arn === undefined || !isSound(bound, arn)) return wrong;
  return PARTS.flatMap(({ field, read, text }) => {
    const wanted = place[field];
    const isKnown = field === "partition" ? wanted !== undefined : isSound(field, wanted);
    if (!isKnown || wanted === undefined || read(arn) === wanted) return [];
    return [problem(path, { allowed: `${what} ${text(wanted)}`, got: arn, fix })];
  });
}

/** AWS uses a key in its own region only. */
export function keyRule(arn: string | undefined): ArnRule {
  return { bound: "kmsKeyArn", arn, what: "a key", fix: "Use a key of the region." };
}
