import { Construct } from "constructs";
import { type AwsLocation, bucketArn } from "../aws/aws-location";
import type { Grantee } from "../aws/policy";
import { checkAtSynth, fieldProblems, type Problem } from "../checks/check";

/** https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3 */
const DELIVER_ACTIONS_ON_BUCKET = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"];
const DELIVER_ACTIONS_ON_OBJECTS = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"];

/** A bucket that Firehose delivers to: created here, or an existing one. */
export interface DeliveryBucket {
  readonly bucketName: string;
  /** ARN built from the name: known in the first plan. */
  readonly bucketArn: string;
  /** Name that depends on the created bucket, so that its users are created after it. */
  readonly createdBucketArn: string;
  /** Allows Firehose to write objects into this bucket. */
  grantDelivery(grantee: Grantee): void;
}

export interface DeliveryGrantProps {
  /** Partition and region, for conditions that name a service's host. */
  readonly location: AwsLocation;
  /** Such as `arn:aws:s3:::name`. */
  readonly bucketArn: string;
  /** Account that owns the bucket: the condition refuses a bucket of the same name in another account. */
  readonly ownerAccountId: string;
  /** @default - S3's own AES-256 encryption */
  readonly kmsKeyArn?: string | undefined;
}

/** Allows Firehose to write objects into a bucket. */
export function grantDelivery(bucket: DeliveryGrantProps, grantee: Grantee): void {
  const conditions = [
    { test: "StringEquals", variable: "aws:ResourceAccount", values: [bucket.ownerAccountId] },
  ];
  grantee.addStatement({
    sid: "FindBucket",
    actions: DELIVER_ACTIONS_ON_BUCKET,
    resources: [bucket.bucketArn],
    conditions,
  });
  grantee.addStatement({
    sid: "WriteObjects",
    actions: DELIVER_ACTIONS_ON_OBJECTS,
    resources: [`${bucket.bucketArn}/*`],
    conditions,
  });
  if (bucket.kmsKeyArn) {
    const actions = ["kms:Decrypt", "kms:GenerateDataKey"];
    grantKey(bucket, { sid: "EncryptObjects", actions, kmsKeyArn: bucket.kmsKeyArn }, grantee);
  }
}

export interface ReadGrantProps extends DeliveryGrantProps {
  /** Key prefixes, without wildcards: nothing else may be read. */
  readonly prefixes: readonly string[];
}

/** Allows the grantee to list and read the objects under some prefixes of a bucket. */
export function grantRead(bucket: ReadGrantProps, grantee: Grantee): void {
  const patterns = bucket.prefixes.map((prefix) => `${prefix}*`);
  const owner = { test: "StringEquals", variable: "aws:ResourceAccount", values: [bucket.ownerAccountId] };
  grantee.addStatement({
    sid: "ListObjects",
    actions: ["s3:ListBucket"],
    resources: [bucket.bucketArn],
    conditions: [owner, { test: "StringLike", variable: "s3:prefix", values: patterns }],
  });
  grantee.addStatement({
    sid: "ReadObjects",
    actions: ["s3:GetObject"],
    resources: patterns.map((pattern) => `${bucket.bucketArn}/${pattern}`),
    conditions: [owner],
  });
  if (bucket.kmsKeyArn) {
    const use = { sid: "DecryptObjects", actions: ["kms:Decrypt"], kmsKeyArn: bucket.kmsKeyArn };
    grantKey(bucket, use, grantee);
  }
}

interface KeyUse {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly kmsKeyArn: string;
}

/** Allows the grantee to use the bucket's key through S3, for this bucket's objects only. */
function grantKey(
  { location, bucketArn: arn }: DeliveryGrantProps,
  { sid, actions, kmsKeyArn }: KeyUse,
  grantee: Grantee,
): void {
  grantee.addStatement({
    sid,
    actions,
    resources: [kmsKeyArn],
    conditions: [
      {
        test: "StringEquals",
        variable: "kms:ViaService",
        values: [`s3.${location.region}.${location.dnsSuffix}`],
      },
      // The bucket key makes S3 use the bucket's ARN, not the object's, as encryption context.
      { test: "StringLike", variable: "kms:EncryptionContext:aws:s3:arn", values: [arn, `${arn}/*`] },
    ],
  });
}

/** An existing bucket, which is not changed: docs/adopt.md lists the settings that its owner must make. */
export interface ExistingBucketProps {
  /** Name or ARN, in the region of the stream. */
  readonly bucket: string;
  /**
   * Key that the bucket encrypts with by default, where it is a customer-managed one.
   * @default - S3's own AES-256 encryption
   */
  readonly kmsKeyArn?: string | undefined;
  /**
   * Account that owns the bucket; its policy must allow the delivery role to write.
   * @default - the account of the stream
   */
  readonly accountId?: string | undefined;
}

/** Problems of a reference to an existing bucket. */
export function existingBucketProblems(props: Partial<ExistingBucketProps>): Problem[] {
  const rows = { bucket: "bucketReference", kmsKeyArn: "kmsKeyArn", accountId: "accountId" } as const;
  return fieldProblems<ExistingBucketProps>(rows, props);
}

/** Bucket name of a name or an ARN. */
export function bucketNameOf(reference: string): string {
  return reference.replace(/^arn:[^:]*:s3:::/, "");
}

/** An existing bucket that a stream delivers to. */
export class ExistingBucket extends Construct implements DeliveryBucket {
  readonly bucketName: string;
  readonly bucketArn: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ExistingBucketProps & { readonly location: AwsLocation },
  ) {
    super(scope, id);
    checkAtSynth(this, existingBucketProblems(props));
    this.bucketName = bucketNameOf(props.bucket);
    this.bucketArn = bucketArn(props.location, this.bucketName);
  }

  get createdBucketArn(): string {
    return this.bucketArn;
  }

  grantDelivery(grantee: Grantee): void {
    const { location, kmsKeyArn, accountId = location.accountId } = this.props;
    grantDelivery({ location, bucketArn: this.bucketArn, ownerAccountId: accountId, kmsKeyArn }, grantee);
  }
}
