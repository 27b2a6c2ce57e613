import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Construct } from "constructs";
import { bucketArn, type LocatedProps } from "../aws/aws-location";
import type { Grantee } from "../aws/policy";
import { checkAtSynth, fieldProblems, type Problem } from "../checks/check";
import { type DeletableProps, keptUnless } from "../terraform/kept";
import { withOrWithout } from "../terraform/optional";
import { type LifecycleProps, lifecycleProblems, lifecycleRules } from "./bucket-lifecycle";
import { type DeliveryBucket, grantDelivery } from "./delivery-bucket";

export interface TweetBucketProps extends LocatedProps, LifecycleProps, DeletableProps {
  /** 3 to 63 lower-case letters, digits, dots and hyphens; unique in the world. */
  readonly bucketName: string;
  /** @default - S3's own AES-256 encryption */
  readonly kmsKeyArn?: string | undefined;
  /**
   * Name of a bucket that receives S3 server access logs.
   * @default - no access logs
   */
  readonly accessLogBucketName?: string;
  /**
   * Refuse requests without TLS. Emulators are accessed by plain HTTP.
   * @default true
   */
  readonly requireTls?: boolean;
}

/** What S3 would refuse. */
export function bucketProblems(props: Partial<TweetBucketProps>): Problem[] {
  const rows = {
    bucketName: "bucketName",
    accessLogBucketName: "bucketName",
    kmsKeyArn: "kmsKeyArn",
  } as const;
  return [...fieldProblems<TweetBucketProps>(rows, props), ...lifecycleProblems(props)];
}

/** The bucket of the posts: private, encrypted, versioned, accessible by TLS only. */
export class TweetBucket extends Construct implements DeliveryBucket {
  readonly bucketName: string;
  /** ARN built from the name: known in the first plan. */
  readonly bucketArn: string;
  private readonly bucket: S3Bucket;
  private readonly props: TweetBucketProps;

  constructor(scope: Construct, id: string, props: TweetBucketProps) {
    super(scope, id);
    checkAtSynth(this, bucketProblems(props));
    this.props = props;
    this.bucketName = props.bucketName;
    this.bucketArn = bucketArn(props.location, props.bucketName);
    this.bucket = new S3Bucket(this, "Default", {
      bucket: props.bucketName,
      forceDestroy: props.deletable ?? false,
      ...keptUnless(props.deletable),
    });
    this.keepPrivate();
    if (props.requireTls ?? true) this.keepTlsOnly();
    this.keepVersions();
    this.encrypt();
    if (props.accessLogBucketName) this.logAccess(props.accessLogBucketName);
  }

  get createdBucketArn(): string {
    return this.bucket.arn;
  }

  grantDelivery(grantee: Grantee): void {
    const { location, kmsKeyArn } = this.props;
    const ownerAccountId = location.accountId;
    grantDelivery({ location, bucketArn: this.bucketArn, ownerAccountId, kmsKeyArn }, grantee);
  }

  private keepPrivate(): void {
    new S3BucketPublicAccessBlock(this, "public_access_block", {
      bucket: this.bucket.bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "ownership", {
      bucket: this.bucket.bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
  }

  private keepTlsOnly(): void {
    const document = new DataAwsIamPolicyDocument(this, "policy_document", {
      statement: [
        {
          sid: "DenyPlainHttp",
          effect: "Deny",
          actions: ["s3:*"],
          resources: [this.bucketArn, `${this.bucketArn}/*`],
          principals: [{ type: "*", identifiers: ["*"] }],
          condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
        },
      ],
    });
    new S3BucketPolicy(this, "policy", { bucket: this.bucket.bucket, policy: document.json });
  }

  private keepVersions(): void {
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: this.bucket.bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: this.bucket.bucket,
      rule: lifecycleRules(this.props),
      // S3 refuses rules on old versions until versioning is enabled.
      dependsOn: [versioning],
    });
  }

  private encrypt(): void {
    const { kmsKeyArn } = this.props;
    const byDefault = {
      sseAlgorithm: withOrWithout(kmsKeyArn, "aws:kms", "AES256"),
      ...(kmsKeyArn ? { kmsMasterKeyId: kmsKeyArn } : {}),
    };
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: this.bucket.bucket,
      rule: [
        {
          applyServerSideEncryptionByDefault: byDefault,
          bucketKeyEnabled: withOrWithout(kmsKeyArn, true, false),
        },
      ],
    });
  }

  private logAccess(targetBucket: string): void {
    new S3BucketLoggingA(this, "access_log", {
      bucket: this.bucket.bucket,
      targetBucket,
      targetPrefix: `${this.props.bucketName}/`,
    });
  }
}
