import { Network } from "../constructs/network/network";
import type { WorkerSizeProps } from "../constructs/worker/props";
import type { IngesterProps } from "../ingestion/ingester";
import type { IngesterSettings } from "../ingestion/settings";
import type { ModuleInputs } from "./module-inputs";

/** What to read from X, and how much of it may be bought. */
export function ingesterSettings(inputs: ModuleInputs, metricsNamespace: string): IngesterSettings {
  return {
    source: {
      mode: "search",
      query: inputs.string("search_query", { description: "X query to search for.", bound: "searchQuery" }),
      pollSeconds: inputs.number("search_poll_seconds", {
        description: "Seconds between two polls when caught up.",
        default: 60,
        bound: "pollSeconds",
      }),
      start: inputs.string("search_start", {
        description:
          "Where a query without coverage begins: `now`, `window` (X's seven days, which cost) or a time.",
        default: "now",
        bound: "searchStart",
      }),
    },
    monthlyPostLimit: inputs.number("monthly_post_limit", {
      description: "Posts that may be bought in a billing cycle, at $0.005 each.",
      bound: "monthlyPostLimit",
    }),
    limitScope: inputs.string<"project">("limit_scope", {
      description:
        "What counts against the limit: `project`, all that X bills to the project, or `own`, this ledger's purchases.",
      default: "project",
      bound: "limitScope",
    }),
    checkpointKey: inputs.string("checkpoint_key", {
      description: "Names the coverage in the ledger, and the metrics. Another key starts anew.",
      default: "posts",
      bound: "checkpointKey",
    }),
    logLevel: inputs.string<"info">("log_level", {
      description: "Least severe log lines to write.",
      default: "info",
      bound: "logLevel",
    }),
    metricsNamespace,
  };
}

/** Size of the tasks. Fargate sells CPU and memory in pairs, which AWS checks. */
export function workerSize(inputs: ModuleInputs): WorkerSizeProps {
  return {
    cpu: inputs.number("cpu", {
      description: "CPU units of a task: 256 is a quarter of a vCPU.",
      default: 256,
      bound: "taskCpu",
    }),
    memoryMiB: inputs.number("memory_mib", {
      description: "Memory of a task in MiB: one of the sizes that Fargate sells with this CPU.",
      default: 512,
    }),
    cpuArchitecture: inputs.string<"ARM64">("cpu_architecture", {
      description: "What the image is built for.",
      default: "ARM64",
      bound: "cpuArchitecture",
    }),
    stopTimeoutSeconds: inputs.number("stop_timeout_seconds", {
      description: "Seconds between SIGTERM and SIGKILL; the ingester needs up to 25.",
      default: 60,
      bound: "stopTimeoutSeconds",
    }),
    run: {
      mode: "service",
      desiredCount: inputs.number("desired_count", {
        description: "Tasks to keep running; 0 pauses, which the alarms take for a failure.",
        default: 1,
        bound: "desiredCount",
      }),
    },
  };
}

type Surroundings = Pick<IngesterProps, "image" | "repositoryArn" | "token">;

/** What must be there before the ingester can start. */
export function surroundings(inputs: ModuleInputs): Surroundings {
  return {
    image: inputs.string("image", {
      description: "Image of the ingester, with an immutable tag or a digest.",
      bound: "imageReference",
    }),
    repositoryArn: inputs.string("repository_arn", {
      description: "ARN of the image's ECR repository.",
      bound: "repositoryArn",
    }),
    token: {
      secretArn: inputs.string("token_secret_arn", {
        description: "ARN of the secret that holds the X bearer token.",
        bound: "secretArn",
      }),
    },
  };
}

type ExistingNetwork = Pick<
  ConstructorParameters<typeof Network>[2],
  "location" | "networkName" | "logRetentionDays"
>;

/** The caller's own network: its modes have different resources, and this one has none. */
export function existingNetwork(
  scope: ConstructorParameters<typeof Network>[0],
  inputs: ModuleInputs,
  props: ExistingNetwork,
): Network {
  return new Network(scope, "network", {
    ...props,
    mode: "existing",
    vpcId: inputs.string("vpc_id", { description: "VPC to run in.", bound: "vpcId" }),
    subnetIds: inputs.strings("subnet_ids", {
      description: "Subnets to run in, with a way to X and to AWS.",
    }),
    assignPublicIp: inputs.boolean("assign_public_ip", {
      description: "Needed in subnets that reach the internet without NAT.",
      default: false,
    }),
  });
}
