import type { DeliveryProps } from "../constructs/delivery/props";
import type { StorageOptions } from "../ingestion/stream-options";
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

export function storage(inputs: ModuleInputs): StorageOptions {
  return {
    expireOldVersionsAfterDays: inputs.number("expire_old_versions_after_days", {
      description: "Days until a replaced or deleted version is gone for good.",
      default: 30,
      bound: "expireAfterDays",
    }),
    deleteWithObjects: inputs.boolean("delete_with_objects", {
      description: "Let `terraform destroy` delete posts too.",
      default: false,
    }),
  };
}
