import { type AwsLocation, bucketArn } from "../constructs/aws/aws-location";
import { boundProblems, isSound, type Problem, problem } from "../constructs/checks/check";
import { timeZoneProblems } from "../constructs/checks/time-zone";
import { type DeliveryShapeProps, deliveryDefaults } from "../constructs/delivery/props";
import type { WatchedAudit } from "../constructs/monitoring/subjects/audit";
import type { LifecycleProps } from "../constructs/storage/bucket-lifecycle";
import {
  bucketNameOf,
  type ExistingBucketProps,
  type ReadGrantProps,
} from "../constructs/storage/delivery-bucket";
import type { CommandSchedule } from "../constructs/worker/props";

/** A scheduled `ingester audit`: docs/audit.md. */
export interface AuditOptions {
  /**
   * `rate(...)` or `cron(...)` of EventBridge Scheduler; an audit looks at the seven days before it.
   * @default "rate(1 day)"
   */
  readonly expression?: string;
  /**
   * IANA time zone of a cron expression.
   * @default "UTC"
   */
  readonly timeZone?: string;
}

/** An audit, and the bucket that it reads. */
export interface AuditProps extends AuditOptions {
  /** Bucket in the region of the ingester. */
  readonly bucketName: string;
  /**
   * Account that owns the bucket; its policy must allow the task role to read.
   * @default - the account of the ingester
   */
  readonly bucketAccountId?: string | undefined;
  /**
   * Key that the bucket encrypts with by default, where it is a customer-managed one.
   * @default - S3's own AES-256 encryption
   */
  readonly bucketKmsKeyArn?: string | undefined;
  /**
   * Delivery of the stream: its prefixes are read.
   * @default - posts under `tweets/` or `tweets-parquet/`, errors under `errors/`
   */
  readonly delivery?: DeliveryShapeProps | undefined;
}

const DEFAULT_EXPRESSION = "rate(1 day)";
/** UTC days that a scheduled audit looks at: the seven before its start, the first one from 00:00, and the present one. */
export const AUDITED_DAYS = 8;

interface Storage {
  readonly bucketName: string;
  /** @default - a bucket that is created here */
  readonly existingBucket?: ExistingBucketProps | undefined;
  readonly delivery?: DeliveryShapeProps | undefined;
  /** Key of a bucket that is created here. */
  readonly kmsKeyArn?: string | undefined;
}

/** An audit of the bucket that a stream delivers to. */
export function auditOf(options: AuditOptions, storage: Storage): AuditProps {
  const { existingBucket, delivery, kmsKeyArn, bucketName } = storage;
  if (existingBucket === undefined) return { ...options, bucketName, bucketKmsKeyArn: kmsKeyArn, delivery };
  return {
    ...options,
    bucketName: bucketNameOf(existingBucket.bucket),
    bucketAccountId: existingBucket.accountId,
    bucketKmsKeyArn: existingBucket.kmsKeyArn,
    delivery,
  };
}

interface Surroundings {
  readonly delivery?: DeliveryShapeProps | undefined;
  /** @default - the ingester writes metrics */
  readonly metricsNamespace?: string | undefined;
}

const NEEDS_FOLDERS =
  'needs prefixes of delivery that begin with a fixed text, got one that begins with "!{" or is empty. It would read the whole bucket as posts: begin dataOutputPrefix and errorOutputPrefix with a folder, such as "tweets/".';
const NEEDS_METRICS =
  'needs the ingester\'s metrics, got metricsNamespace "". Alarms see an audit by them: set a namespace, or leave the audit out.';

/**
 * Problems of an audit: an expression that EventBridge refuses, a whole bucket as folder, errors above the posts, or no
 * metrics for alarms.
 */
export function auditProblems(
  { expression, timeZone }: AuditOptions,
  { delivery, metricsNamespace }: Surroundings,
): Problem[] {
  const { prefixes, errorPrefix } = foldersOf(delivery);
  const isWhole = [...prefixes, errorPrefix].includes("");
  return [
    ...boundProblems("scheduleExpression", "expression", expression),
    ...timeZoneProblems("timeZone", timeZone),
    ...(isWhole ? [{ path: "", text: NEEDS_FOLDERS }] : errorsAbovePosts(prefixes, errorPrefix)),
    ...(metricsNamespace === "" ? [{ path: "", text: NEEDS_METRICS }] : []),
  ];
}

/** Problems of the expiry of a bucket that is created here: an audit reports posts as missing that have expired before. */
export function auditExpiryProblems(
  { expireAfterDays, expirePrefixesAfterDays = {} }: LifecycleProps,
  delivery: DeliveryShapeProps | undefined,
): Problem[] {
  const { prefixes, errorPrefix } = foldersOf(delivery);
  const isAudited = (prefix: string) =>
    [...prefixes, errorPrefix].some((folder) => folder.startsWith(prefix) || prefix.startsWith(folder));
  const ofPrefixes = Object.entries(expirePrefixesAfterDays)
    .filter(([prefix]) => isAudited(prefix))
    .map(([prefix, days]) => [`expirePrefixesAfterDays.${prefix}`, days] as const);
  return [["expireAfterDays", expireAfterDays] as const, ...ofPrefixes]
    .filter(([, days]) => isSound("expireAfterDays", days) && Number(days) < AUDITED_DAYS)
    .map(([path, got]) =>
      problem(path, {
        allowed: `at least ${AUDITED_DAYS} days where an audit reads the posts`,
        got,
        fix: "It would report expired posts as missing: keep them longer, or leave the audit out.",
      }),
    );
}

/** The audit reads an object as error records when its key begins with the folder of errors; errors below posts are found. */
function errorsAbovePosts(prefixes: readonly string[], errorPrefix: string): Problem[] {
  return prefixes
    .filter((prefix) => prefix.startsWith(errorPrefix))
    .map((prefix) => ({
      path: "",
      text: `needs a folder of errors that no folder of posts lies in, got errors under "${errorPrefix}" and posts under "${prefix}". It would read posts as error records: begin errorOutputPrefix with a folder that holds errors only, such as "errors/".`,
    }));
}

/** The folder of each prefix, or its text where it has none; of lines and of Parquet, because older posts may be in the other format. */
function foldersOf(delivery: DeliveryShapeProps = {}) {
  const both = [false, true].map((parquet) => deliveryDefaults(delivery, parquet));
  return {
    prefixes: [...new Set(both.map(({ dataOutputPrefix }) => folderOf(dataOutputPrefix)))],
    errorPrefix: folderOf(deliveryDefaults(delivery).errorOutputPrefix),
  };
}

/** `tweets/` of `tweets/year=!{timestamp:yyyy}/`: what is known without an expression, whole folders where there are any. */
function folderOf(prefix: string): string {
  const text = prefix.split("!{")[0] ?? "";
  return text.includes("/") ? text.slice(0, text.lastIndexOf("/") + 1) : text;
}

/** The task's command, and when it runs. */
export function auditSchedule(audit: AuditProps): CommandSchedule {
  const { expression = DEFAULT_EXPRESSION, timeZone } = audit;
  const { prefixes, errorPrefix } = foldersOf(audit.delivery);
  return {
    expression,
    ...(timeZone === undefined ? {} : { timeZone }),
    command: [
      ...["audit", "--bucket", `s3://${audit.bucketName}`],
      ...prefixes.flatMap((prefix) => ["--prefix", prefix]),
      ...["--error-prefix", errorPrefix],
    ],
  };
}

/** What the audit may read. */
export function auditGrant(audit: AuditProps, location: AwsLocation): ReadGrantProps {
  const { prefixes, errorPrefix } = foldersOf(audit.delivery);
  return {
    location,
    bucketArn: bucketArn(location, audit.bucketName),
    ownerAccountId: audit.bucketAccountId ?? location.accountId,
    kmsKeyArn: audit.bucketKmsKeyArn,
    prefixes: [...prefixes, errorPrefix],
  };
}

/** What alarms and dashboard look at. */
export function watchedAudit(audit: AuditProps, metricsNamespace: string): WatchedAudit {
  const { expression = DEFAULT_EXPRESSION, bucketName } = audit;
  return { metricsNamespace, bucketName, expression };
}
