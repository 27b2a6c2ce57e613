import { Fn, Token } from "cdktf";

/**
 * Partition, region and account of ARNs. Plain strings, so that a Terraform module can pass variables instead of literals.
 */
export interface AwsLocation {
  /** First part of every ARN after `arn:`: `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  /** Domain of the partition's endpoints, for example `amazonaws.com`. */
  readonly dnsSuffix: string;
  /** Region code, for example `eu-west-1`. */
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** @default - roles at `/`, without a boundary */
  readonly roles?: RoleSettings | undefined;
}

/** Props of every construct that builds ARNs. */
export interface LocatedProps {
  /** Account, region and partition; `awsLocation(accountId, region)` makes one. */
  readonly location: AwsLocation;
}

/** Requirements of an organization for every role that is created. */
export interface RoleSettings {
  /**
   * Begins and ends with a slash.
   * @default "/"
   */
  readonly path?: string;
  /**
   * ARN of a policy that limits the permissions of roles, in addition to their own policies.
   * @default - none
   */
  readonly permissionsBoundaryArn?: string;
}

/** The partition follows from the region: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
const PARTITIONS = [
  { regionPrefix: "cn-", partition: "aws-cn", dnsSuffix: "amazonaws.com.cn" },
  { regionPrefix: "us-gov-", partition: "aws-us-gov", dnsSuffix: "amazonaws.com" },
];

/** Derives partition and DNS suffix from the region: China and GovCloud have their own, all else is `aws`. */
export function awsLocation(accountId: string, region: string, roles?: RoleSettings): AwsLocation {
  const special = PARTITIONS.find(({ regionPrefix }) => region.startsWith(regionPrefix));
  return {
    accountId,
    region,
    partition: special?.partition ?? "aws",
    dnsSuffix: special?.dnsSuffix ?? "amazonaws.com",
    ...(roles ? { roles } : {}),
  };
}

/** `arn:<partition>:<service>:<region>:<account>:<resource>` */
export function regionalArn(location: AwsLocation, service: string, resource: string): string {
  return `arn:${location.partition}:${service}:${location.region}:${location.accountId}:${resource}`;
}

/** ARN of a service without regions, such as IAM: the region stays empty. */
export function globalArn(location: AwsLocation, service: string, resource: string): string {
  return regionalArn({ ...location, region: "" }, service, resource);
}

/** ARN of a role that is created in this location. */
export function roleArn(location: AwsLocation, roleName: string): string {
  return globalArn(location, "iam", `role${location.roles?.path ?? "/"}${roleName}`);
}

/** Path and boundary of every role that is created in this location. */
export function roleAttributes({ roles = {} }: AwsLocation) {
  const { path, permissionsBoundaryArn } = roles;
  return {
    ...(path ? { path } : {}),
    ...(permissionsBoundaryArn ? { permissionsBoundary: permissionsBoundaryArn } : {}),
  };
}

/** `arn:<partition>:<service>:<region>:<account>:<resource>`, cut at its colons. */
function partOf(arn: string, index: number): string | undefined {
  return arn.split(":")[index];
}

/** Partition in an ARN. */
export function partitionOf(arn: string): string | undefined {
  return partOf(arn, 1);
}

/** Region in an ARN; empty where there is none. */
export function regionOf(arn: string): string | undefined {
  return partOf(arn, 3);
}

/** Account in an ARN; empty where there is none. */
export function accountOf(arn: string): string | undefined {
  return partOf(arn, 4);
}

/** What follows the first slash of an ARN: the name of a cluster, a repository or a table. */
export function nameOf(arn: string): string {
  return Token.isUnresolved(arn) ? Fn.element(Fn.split("/", arn), 1) : arn.slice(arn.indexOf("/") + 1);
}

/** Bucket names are unique in a partition, so their ARNs contain neither region nor account. */
export function bucketArn(location: AwsLocation, bucketName: string): string {
  return `arn:${location.partition}:s3:::${bucketName}`;
}
