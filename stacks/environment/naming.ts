import {
  type AwsLocation,
  accountOf,
  awsLocation,
  bucketArn,
  nameOf,
  type RoleSettings,
  regionalArn,
  regionOf,
} from "../constructs/aws/aws-location";
import { bucketNameOf } from "../constructs/storage/delivery-bucket";

/** Parts of every name. */
export interface Identity {
  readonly app: string;
  readonly environment: string;
  readonly accountId: string;
  readonly region: string;
  /** @default "tweet_stream" */
  readonly delivery?: { readonly streamName?: string };
  /** @default - roles at `/`, without a boundary */
  readonly roles?: RoleSettings;
  /** @default - the partial ARN of this environment's secret */
  readonly token?: { readonly secretArn?: string };
  /** @default - the bucket that the data stack creates */
  readonly storage?: { readonly existingBucket?: { readonly bucket: string } };
  /** @default - the table that the data stack creates */
  readonly ledger?: { readonly existingTableName?: string };
  /** @default - the repository that the registry stack creates */
  readonly registry?: { readonly repositoryArn?: string };
  /** @default - `<app>/<environment>` */
  readonly ingester?: { readonly metricsNamespace?: string };
}

/** All names of one environment, and the ARNs built from them. Its stacks have no other link. */
export interface Names {
  readonly location: AwsLocation;
  /** Stack names: `<app>-<environment>-registry`, `-data`, `-ingester`. */
  readonly registryStack: string;
  readonly dataStack: string;
  readonly ingesterStack: string;
  readonly repository: string;
  readonly repositoryArn: string;
  /** Registry host and repository, without a tag: `<account>.dkr.ecr.<region>.<suffix>/<repository>`. */
  readonly repositoryUrl: string;
  readonly tokenSecret: string;
  /** Whether the secret is created here; one with another name exists already. */
  readonly hasOwnToken: boolean;
  /** Without the six characters that Secrets Manager adds, unless the environment file gives the full ARN. */
  readonly tokenSecretArn: string;
  readonly bucket: string;
  readonly bucketArn: string;
  readonly stream: string;
  readonly streamArn: string;
  /** The Lambda function that formats posts, where there is one. */
  readonly transformFunction: string;
  /** Glue database and table of delivered posts, and the Athena workgroup to query them with, where there are any. */
  readonly catalogDatabase: string;
  readonly catalogTable: string;
  readonly queryWorkgroup: string;
  readonly checkpointTable: string;
  readonly checkpointTableArn: string;
  /** Roles of GitHub's workflows, where there are any. */
  readonly githubPlanRole: string;
  readonly githubApplyRole: string;
  /** CloudWatch namespace of the project's own metrics; empty = off. */
  readonly metricsNamespace: string;
}

/** The stream's name in the article that this project follows. */
export const DEFAULT_STREAM_NAME = "tweet_stream";

/** Names of one environment. */
export function namesOf(identity: Identity): Names {
  const { app, environment } = identity;
  const prefix = `${app}-${environment}`;
  const location = awsLocation(identity.accountId, identity.region, identity.roles);
  const repositoryArn =
    identity.registry?.repositoryArn ?? regionalArn(location, "ecr", `repository/${prefix}-ecr`);
  const repository = nameOf(repositoryArn);
  const tokenSecret = `${prefix}-x-token`;
  const { existingBucket } = identity.storage ?? {};
  const bucket = existingBucket
    ? bucketNameOf(existingBucket.bucket)
    : `${prefix}-tweets-${identity.accountId}`;
  const stream = identity.delivery?.streamName ?? DEFAULT_STREAM_NAME;
  const checkpointTable = identity.ledger?.existingTableName ?? `${prefix}-checkpoint`;
  return Object.freeze({
    location,
    registryStack: `${prefix}-registry`,
    dataStack: `${prefix}-data`,
    ingesterStack: `${prefix}-ingester`,
    repository,
    repositoryArn,
    repositoryUrl: repositoryUrl(location, repositoryArn),
    tokenSecret,
    hasOwnToken: isOwnSecret(identity.token?.secretArn, tokenSecret),
    tokenSecretArn:
      identity.token?.secretArn ?? regionalArn(location, "secretsmanager", `secret:${tokenSecret}`),
    bucket,
    bucketArn: bucketArn(location, bucket),
    stream,
    streamArn: regionalArn(location, "firehose", `deliverystream/${stream}`),
    transformFunction: `${prefix}-transform`,
    // Athena requires quotes around names with hyphens.
    catalogDatabase: prefix.replaceAll("-", "_"),
    catalogTable: "posts",
    queryWorkgroup: prefix,
    checkpointTable,
    checkpointTableArn: regionalArn(location, "dynamodb", `table/${checkpointTable}`),
    githubPlanRole: `${prefix}-github-plan`,
    githubApplyRole: `${prefix}-github-apply`,
    metricsNamespace: identity.ingester?.metricsNamespace ?? `${app}/${environment}`,
  });
}

/** The registry's host is of the repository's own account and region. */
function repositoryUrl({ dnsSuffix }: AwsLocation, arn: string): string {
  return `${accountOf(arn)}.dkr.ecr.${regionOf(arn)}.${dnsSuffix}/${nameOf(arn)}`;
}

/** A full ARN ends in the name, a hyphen and six characters. */
function isOwnSecret(secretArn: string | undefined, name: string): boolean {
  return secretArn === undefined || secretArn.slice(0, -"-AbCdEf".length).endsWith(`:secret:${name}`);
}
