import type { DeliveryProps } from "../constructs/delivery/props";
import { EXPIRES_LATER } from "../constructs/storage/bucket-lifecycle";
import type { StorageOptions } from "../ingestion/stream-options";
import { pairValidation } from "./bound-validation";
import type { ModuleInputs } from "./module-inputs";

/** The bucket's name is the caller's: it is unique in the world. */
export function bucketName(inputs: ModuleInputs): string {
  return inputs.string("bucket_name", { description: "Name of the bucket to create.", bound: "bucketName" });
}

export function streamName(inputs: ModuleInputs, description: string): string {
  return inputs.string("stream_name", { description, bound: "streamName" });
}

/** Both hints: AWS takes both or none. */
export function delivery(inputs: ModuleInputs): DeliveryProps {
  return {
    bufferingSizeMiB: inputs.number("buffering_size_mib", {
      description: "Object size in MiB, before compression, that triggers a delivery.",
      default: 64,
      bound: "bufferingSizeMiB",
    }),
    bufferingIntervalSeconds: inputs.number("buffering_interval_seconds", {
      description: "Age in seconds of the oldest buffered record that triggers a delivery.",
      default: 300,
      bound: "bufferingIntervalSeconds",
    }),
  };
}

/** Terraform takes no variable for `prevent_destroy`: bucket and table refuse by themselves. */
export function deletable(inputs: ModuleInputs): boolean {
  return inputs.boolean("deletable", {
    description:
      "Let `terraform destroy` delete posts, ledger and logs, too. Otherwise AWS refuses to delete a bucket that holds posts and the table, and log groups stay.",
    default: false,
  });
}

export function storage(inputs: ModuleInputs): StorageOptions {
  return {
    infrequentAccessAfterDays: inputs.optionalNumber("infrequent_access_after_days", {
      description:
        "Days until posts move to the infrequent-access class. Null: they stay in the standard class.",
      bound: "infrequentAccessAfterDays",
    }),
    expireAfterDays: inputs.optionalNumber("expire_after_days", {
      description: "Days until posts are deleted. Null: they are never deleted.",
      bound: "expireAfterDays",
      pairs: [
        pairValidation("expire_after_days", {
          other: "infrequent_access_after_days",
          mayBeNull: ["expire_after_days", "infrequent_access_after_days"],
          condition: "var.expire_after_days > var.infrequent_access_after_days",
          allowed: "more than infrequent_access_after_days",
          fix: EXPIRES_LATER,
        }),
      ],
    }),
    expireOldVersionsAfterDays: inputs.number("expire_old_versions_after_days", {
      description: "Days until a replaced or deleted version is gone for good.",
      default: 30,
      bound: "expireAfterDays",
    }),
  };
}
