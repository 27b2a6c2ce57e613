import {
  type AwsLocation,
  awsLocation,
  bucketArn,
  type RoleSettings,
  regionalArn,
} from "../constructs/aws/aws-location";

/** What every name is made of. */
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
  /** @default - `<app>/<environment>` */
  readonly ingester?: { readonly metricsNamespace?: string };
}

/** Every name of one environment, and the ARNs built from them: the only link between its stacks. */
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

/** The article's name, kept as shipped. */
export const DEFAULT_STREAM_NAME = "tweet_stream";

/** Names of one environment; an `EnvironmentConfig` is an identity. */
export function namesOf(identity: Identity): Names {
  const { app, environment } = identity;
  const prefix = `${app}-${environment}`;
  const location = awsLocation(identity.accountId, identity.region, identity.roles);
  const repository = `${prefix}-ecr`;
  const tokenSecret = `${prefix}-x-token`;
  const bucket = `${prefix}-tweets-${identity.accountId}`;
  const stream = identity.delivery?.streamName ?? DEFAULT_STREAM_NAME;
  const checkpointTable = `${prefix}-checkpoint`;
  return Object.freeze({
    location,
    registryStack: `${prefix}-registry`,
    dataStack: `${prefix}-data`,
    ingesterStack: `${prefix}-ingester`,
    repository,
    repositoryArn: regionalArn(location, "ecr", `repository/${repository}`),
    repositoryUrl: `${location.accountId}.dkr.ecr.${location.region}.${location.dnsSuffix}/${repository}`,
    tokenSecret,
    tokenSecretArn:
      identity.token?.secretArn ?? regionalArn(location, "secretsmanager", `secret:${tokenSecret}`),
    bucket,
    bucketArn: bucketArn(location, bucket),
    stream,
    streamArn: regionalArn(location, "firehose", `deliverystream/${stream}`),
    transformFunction: `${prefix}-transform`,
    // Athena wants quotes around hyphens.
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
