import { AthenaNamedQuery } from "@cdktf/provider-aws/lib/athena-named-query";
import { AthenaWorkgroup } from "@cdktf/provider-aws/lib/athena-workgroup";
import { Construct } from "constructs";
import type { LocatedProps } from "../aws/aws-location";
import { checkAtSynth, fieldProblems, type Problem } from "../checks/check";
import { savedQueries } from "./saved-queries";

/** Prefix of Athena's results in the bucket. */
export const RESULTS_PREFIX = "athena-results/";

const MIB = 1024 * 1024;

/** Settings of queries in an environment file. */
export interface QueryLimitProps {
  /**
   * A query is stopped once it has read this much, at least 10 MiB. Athena bills what is read.
   * @default 10240
   */
  readonly scanLimitMiB?: number;
}

export interface QueryWorkgroupProps extends LocatedProps, QueryLimitProps {
  /** 1 to 128 letters, digits, dots, hyphens and underscores. */
  readonly workgroupName: string;
  /** Bucket of the results, under `athena-results/`. */
  readonly bucketName: string;
  /** Glue database of the table. */
  readonly databaseName: string;
  /** Table that saved queries read. */
  readonly tableName: string;
  /** @default - S3's own AES-256 encryption */
  readonly kmsKeyArn?: string | undefined;
}

/** An Athena workgroup that enforces its limits, with saved queries to start from. */
export class QueryWorkgroup extends Construct {
  constructor(scope: Construct, id: string, props: QueryWorkgroupProps) {
    super(scope, id);
    checkAtSynth(this, queryProblems(props));
    const workgroup = new AthenaWorkgroup(this, "Default", {
      name: props.workgroupName,
      description: "Queries of delivered posts, with a limit on what one may read",
      // Saved queries and the history contain no posts, so that they can be destroyed.
      forceDestroy: true,
      configuration: {
        enforceWorkgroupConfiguration: true,
        publishCloudwatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: (props.scanLimitMiB ?? 10_240) * MIB,
        resultConfiguration: {
          outputLocation: `s3://${props.bucketName}/${RESULTS_PREFIX}`,
          expectedBucketOwner: props.location.accountId,
          encryptionConfiguration: encryption(props.kmsKeyArn),
        },
      },
    });
    for (const { name, description, sql } of savedQueries(`${props.databaseName}.${props.tableName}`)) {
      new AthenaNamedQuery(this, name, {
        name,
        description,
        database: props.databaseName,
        workgroup: workgroup.name,
        query: sql,
      });
    }
  }
}

function encryption(kmsKeyArn: string | undefined) {
  return kmsKeyArn ? { encryptionOption: "SSE_KMS", kmsKeyArn } : { encryptionOption: "SSE_S3" };
}

/** What Athena would refuse. */
export function queryProblems(props: Partial<QueryWorkgroupProps>): Problem[] {
  const rows = { workgroupName: "workgroupName", scanLimitMiB: "scanLimitMiB" } as const;
  return fieldProblems<QueryWorkgroupProps>(rows, props);
}
