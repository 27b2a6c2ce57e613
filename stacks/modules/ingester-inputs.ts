import { Op } from "cdktf";
import { bounds } from "../constructs/checks/bounds";
import { Network } from "../constructs/network/network";
import {
  DEFAULT_STOP_TIMEOUT_SECONDS,
  type RunProps,
  type WorkerSizeProps,
} from "../constructs/worker/props";
import { memorySizes, PAIRS } from "../constructs/worker/rules";
import type { IngesterProps } from "../ingestion/ingester";
import { NO_END, STOPS_FIRST } from "../ingestion/rules/task-rules";
import { type AnyIngesterSettings, DEFAULT_SHUTDOWN_SECONDS } from "../ingestion/settings";
import { pairValidation, validation } from "./bound-validation";
import type { ModuleInputs } from "./module-inputs";
import { namedKeyValidation, sourceInputs } from "./source-inputs";

/** What to read from X, and how much of it may be bought. */
export function ingesterSettings(inputs: ModuleInputs, metricsNamespace: string): AnyIngesterSettings {
  return {
    source: sourceInputs(inputs, metricsNamespace),
    monthlyPostLimit: inputs.optionalNumber("monthly_post_limit", {
      description:
        "Posts that may be bought in a billing cycle, at $0.005 each. Null: only dollars are limited.",
      bound: "monthlyPostLimit",
      pairs: [
        {
          condition: `\${${["post", "usd"].map((each) => `var.monthly_${each}_limit != null`).join(" || ")}}`,
          errorMessage:
            "monthly_post_limit or monthly_usd_limit must be set, got neither. X bills every post, so every call says how much it may spend.",
        },
      ],
    }),
    monthlyUsdLimit: inputs.optionalNumber("monthly_usd_limit", {
      description: "US dollars that may be spent in a billing cycle. Null: only posts are limited.",
      bound: "monthlyUsdLimit",
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
      pairs: [namedKeyValidation()],
    }),
    logLevel: inputs.string<"info">("log_level", {
      description: "Least severe log lines to write.",
      default: "info",
      bound: "logLevel",
    }),
    shutdownSeconds: inputs.number("shutdown_seconds", {
      description: "Seconds that the ingester takes at most to stop.",
      default: DEFAULT_SHUTDOWN_SECONDS,
      bound: "shutdownSeconds",
    }),
    metricsNamespace,
  };
}

/** Size and behaviour of the tasks. */
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
      pairs: [memoryPair()],
    }),
    cpuArchitecture: inputs.string<"ARM64">("cpu_architecture", {
      description: "What the image is built for.",
      default: "ARM64",
      bound: "cpuArchitecture",
    }),
    capacity: inputs.string<"FARGATE">("capacity", {
      description:
        "`FARGATE`, or `FARGATE_SPOT`, which costs about a third and may be stopped with two minutes' notice.",
      default: "FARGATE",
      bound: "capacity",
    }),
    stopTimeoutSeconds: inputs.number("stop_timeout_seconds", {
      description: "Seconds between SIGTERM and SIGKILL.",
      default: DEFAULT_STOP_TIMEOUT_SECONDS,
      bound: "stopTimeoutSeconds",
      pairs: [
        pairValidation("stop_timeout_seconds", {
          other: "shutdown_seconds",
          condition: "var.stop_timeout_seconds > var.shutdown_seconds",
          allowed: "more than shutdown_seconds",
          fix: STOPS_FIRST,
        }),
      ],
    }),
    run: run(inputs),
  };
}

/** A service, or a schedule where there is an expression. */
function run(inputs: ModuleInputs): RunProps {
  const expression = inputs.optionalString("schedule_expression", {
    description: "When to start a task that exits when it has caught up. Null: a service runs always.",
    bound: "scheduleExpression",
    pairs: [
      validation("schedule_expression", "var.schedule_expression == null || var.stream_rules == null", {
        allowed: "null where stream_rules are given",
        fix: NO_END,
      }),
    ],
  });
  const desiredCount = inputs.number("desired_count", {
    description: "1 runs the service or the schedule; 0 pauses it, and alarms then go off.",
    default: 1,
    bound: "desiredCount",
  });
  return { mode: "schedule", expression, enabled: Op.gte(desiredCount, 1) as unknown as boolean };
}

/** Sizes that Fargate sells, as one expression of both. */
function memoryPair() {
  const sizes = bounds.taskCpu.values.map((cpu) => `"${cpu}" = [${memorySizes(Number(cpu)).join(", ")}]`);
  return pairValidation("memory_mib", {
    other: "cpu",
    condition: `contains(lookup({ ${sizes.join(", ")} }, tostring(var.cpu), [var.memory_mib]), var.memory_mib)`,
    allowed: "a size that is sold with this cpu",
    fix: PAIRS,
  });
}

type Surroundings = Pick<IngesterProps, "image" | "repositoryArn" | "token">;

/** Existing resources that the ingester needs. */
export function surroundings(inputs: ModuleInputs): Surroundings {
  return {
    image: inputs.string("image", {
      description: "Image of the ingester, with an immutable tag or a digest.",
      bound: "imageReference",
    }),
    repositoryArn: inputs.string("repository_arn", {
      description: "ARN of the image's ECR repository, of any account and region.",
      bound: "repositoryArn",
    }),
    token: {
      kmsKeyArn: inputs.optionalString("token_kms_key_arn", {
        description: "Key of the secret, where it is a customer-managed one.",
        bound: "kmsKeyArn",
      }),
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

/** The caller's network. Other modes would create resources, which a variable cannot choose. */
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
      description: "Subnets to run in, with routes to X and to AWS.",
      bound: "subnetId",
    }),
    assignPublicIp: inputs.boolean("assign_public_ip", {
      description: "Needed in subnets that reach the internet without NAT.",
      default: false,
    }),
  });
}
