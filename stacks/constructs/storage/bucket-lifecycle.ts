import { boundProblems, fieldProblems, isSound, type Problem, problem } from "../checks/check";

/** Storage class and expiry of the bucket's objects. */
export interface BucketLifecycleProps {
  /**
   * Days until posts move to the infrequent-access class; at least 30.
   * @default - posts stay in the standard class
   */
  readonly infrequentAccessAfterDays?: number;
  /**
   * Days until posts are deleted.
   * @default - posts are never deleted
   */
  readonly expireAfterDays?: number;
  /**
   * Days until a replaced or deleted version is removed permanently.
   * @default 30
   */
  readonly expireOldVersionsAfterDays?: number;
}

export interface LifecycleProps extends BucketLifecycleProps {
  /**
   * Days until objects under a prefix are deleted, for data that can be created again: `{ "athena-results/": 7 }`.
   * @default - no such prefix
   */
  readonly expirePrefixesAfterDays?: Readonly<Record<string, number>>;
}

/** What S3 would refuse. */
export function lifecycleProblems(props: LifecycleProps): Problem[] {
  const { infrequentAccessAfterDays, expireAfterDays, expirePrefixesAfterDays = {} } = props;
  return [
    ...fieldProblems<BucketLifecycleProps>(
      {
        infrequentAccessAfterDays: "infrequentAccessAfterDays",
        expireAfterDays: "expireAfterDays",
        expireOldVersionsAfterDays: "expireAfterDays",
      },
      props,
    ),
    ...Object.entries(expirePrefixesAfterDays).flatMap(([prefix, days]) =>
      boundProblems("expireAfterDays", `expirePrefixesAfterDays.${prefix}`, days),
    ),
    ...orderProblems(infrequentAccessAfterDays, expireAfterDays),
  ];
}

/** Why posts may not expire before they move. */
export const EXPIRES_LATER =
  "S3 takes no object into a class that it leaves at once; leave one of the two out.";

function orderProblems(moved: number | undefined, expired: number | undefined): Problem[] {
  if (!isSound("infrequentAccessAfterDays", moved) || !isSound("expireAfterDays", expired)) return [];
  if (Number(expired) > Number(moved)) return [];
  const allowed = `more than infrequentAccessAfterDays (${moved})`;
  return [problem("expireAfterDays", { allowed, got: expired, fix: EXPIRES_LATER })];
}

/** Rules of every bucket, then the configured ones. */
export function lifecycleRules(props: LifecycleProps) {
  const wholeBucket = { status: "Enabled", filter: [{ prefix: "" }] };
  return [
    {
      ...wholeBucket,
      id: "abort-incomplete-uploads",
      abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
    },
    {
      ...wholeBucket,
      id: "expire-old-versions",
      noncurrentVersionExpiration: [{ noncurrentDays: props.expireOldVersionsAfterDays ?? 30 }],
    },
    ...(props.infrequentAccessAfterDays === undefined
      ? []
      : [
          {
            ...wholeBucket,
            id: "move-to-infrequent-access",
            transition: [{ days: props.infrequentAccessAfterDays, storageClass: "STANDARD_IA" }],
          },
        ]),
    ...(props.expireAfterDays === undefined
      ? []
      : [{ ...wholeBucket, id: "expire", expiration: [{ days: props.expireAfterDays }] }]),
    ...Object.entries(props.expirePrefixesAfterDays ?? {}).map(([prefix, days]) => ({
      status: "Enabled",
      filter: [{ prefix }],
      id: `expire-${prefix.replace(/[^A-Za-z0-9]+/g, "-").replace(/-$/, "")}`,
      expiration: [{ days }],
    })),
  ];
}
