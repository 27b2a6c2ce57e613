import { Token } from "cdktf";
import {
  boundProblems,
  type FieldBounds,
  fieldProblems,
  type Problem,
  problem,
  under,
} from "../checks/check";
import { timeZoneProblems } from "../checks/time-zone";
import { prefixProblems } from "./prefix-rules";
import { type DeliveryProcessor, LAMBDA_DEFAULTS, type LambdaProcessor } from "./processors";
import { type DeliveryShapeProps, deliveryDefaults } from "./props";

/** https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const MAX_PARTITION_KEYS = 50;
/** https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-enable.html */
const PARTITIONED_MIN_SIZE_MIB = 64;
const PARTITIONED_MIN_INTERVAL_SECONDS = 60;

type CheckedDelivery = DeliveryShapeProps & { readonly streamName?: string };

const FIELDS: FieldBounds<CheckedDelivery> = {
  streamName: "streamName",
  bufferingSizeMiB: "bufferingSizeMiB",
  bufferingIntervalSeconds: "bufferingIntervalSeconds",
  fileExtension: "fileExtension",
};

/** Problems that Firehose would refuse, or accept with a wrong result. Terraform and its provider accept all of them. */
export function deliveryProblems(props: CheckedDelivery): Problem[] {
  return [
    ...fieldProblems(FIELDS, props),
    ...extensionProblems(props),
    ...timeZoneProblems("timeZone", props.timeZone),
    ...prefixProblems(props),
    ...bufferingProblems(props),
    ...partitioningProblems(props),
    ...(props.processors ?? []).flatMap((processor, index) =>
      under(`processors.${index}`, processorProblems(processor, props)),
    ),
  ];
}

/** Athena, Spark and `zcat` recognize compressed objects by the end of their keys. */
function extensionProblems({ fileExtension, parquet }: DeliveryShapeProps): Problem[] {
  if (fileExtension === undefined || Token.isUnresolved(fileExtension)) return [];
  const isCompressed = parquet === undefined;
  if (fileExtension.endsWith(".gz") === isCompressed) return [];
  const words = isCompressed
    ? {
        allowed: 'an extension that ends in ".gz"',
        fix: "Objects are compressed, and read by their extension.",
      }
    : { allowed: 'an extension that does not end in ".gz"', fix: "Parquet is compressed inside." };
  return [problem("fileExtension", { ...words, got: fileExtension })];
}

/** Partitioning and conversion require large buffers. */
function bufferingProblems(props: DeliveryShapeProps): Problem[] {
  const { bufferingSizeMiB, bufferingIntervalSeconds } = deliveryDefaults(props);
  const reason = props.dynamicPartitioning ? "dynamic partitioning" : props.parquet && "format conversion";
  const problems: Problem[] = [];
  if (Token.isUnresolved(bufferingSizeMiB) || Token.isUnresolved(bufferingIntervalSeconds)) return problems;
  if (reason && bufferingSizeMiB < PARTITIONED_MIN_SIZE_MIB) {
    const allowed = `at least ${PARTITIONED_MIN_SIZE_MIB} MiB when ${reason} is enabled`;
    const fix = `Raise it, or leave ${reason} out.`;
    problems.push(problem("bufferingSizeMiB", { allowed, got: `${bufferingSizeMiB} MiB`, fix }));
  }
  if (props.dynamicPartitioning && bufferingIntervalSeconds < PARTITIONED_MIN_INTERVAL_SECONDS) {
    const allowed = `at least ${PARTITIONED_MIN_INTERVAL_SECONDS} seconds when dynamic partitioning is enabled`;
    const got = `${bufferingIntervalSeconds} seconds`;
    problems.push(problem("bufferingIntervalSeconds", { allowed, got, fix: "Raise it." }));
  }
  return problems;
}

function partitioningProblems({ dynamicPartitioning, processors = [] }: DeliveryShapeProps): Problem[] {
  if (!dynamicPartitioning) return [];
  const { retrySeconds } = dynamicPartitioning;
  const finder = processors.some(({ type }) => type === "Lambda" || type === "MetadataExtraction");
  return [
    ...boundProblems("deliveryRetrySeconds", "dynamicPartitioning.retrySeconds", retrySeconds),
    ...(finder
      ? []
      : [
          {
            path: "dynamicPartitioning",
            text: "must have a processor that finds the keys, got none. Add a Lambda or MetadataExtraction processor.",
          },
        ]),
  ];
}

function processorProblems(
  processor: DeliveryProcessor,
  { dynamicPartitioning }: DeliveryShapeProps,
): Problem[] {
  if (processor.type === "Lambda") return lambdaProblems(processor);
  const keys = processor.type === "MetadataExtraction" ? Object.keys(processor.keys).length : 1;
  return [
    ...(dynamicPartitioning ? [] : [onlyWithPartitioning(processor.type)]),
    ...(keys >= 1 && keys <= MAX_PARTITION_KEYS
      ? []
      : [
          problem("keys", {
            allowed: `1 to ${MAX_PARTITION_KEYS} keys`,
            got: keys,
            fix: "Partition by fewer.",
          }),
        ]),
  ];
}

/** How Firehose calls a function. */
type LambdaCall = Pick<LambdaProcessor, "bufferSizeMB" | "bufferIntervalSeconds" | "retries">;

export function lambdaProblems(call: LambdaCall): Problem[] {
  const hints = fieldProblems<LambdaCall>(
    { bufferSizeMB: "lambdaBufferMB", bufferIntervalSeconds: "bufferingIntervalSeconds" },
    call,
  );
  return [
    ...(hints.length > 0 ? hints : hintProblems(call)),
    ...boundProblems("lambdaRetries", "retries", call.retries),
  ];
}

/**
 * AWS requires both buffer hints or neither, and the provider omits a hint that equals AWS's default when it reads: every
 * later plan would add it again.
 */
function hintProblems(call: LambdaCall): Problem[] {
  const { bufferSizeMB: size, bufferIntervalSeconds: interval } = LAMBDA_DEFAULTS;
  const { bufferSizeMB = size, bufferIntervalSeconds = interval } = call;
  if (Token.isUnresolved(bufferSizeMB) || Token.isUnresolved(bufferIntervalSeconds)) return [];
  if ((bufferSizeMB === size) === (bufferIntervalSeconds === interval)) return [];
  const [path, got] =
    bufferSizeMB === size ? ["bufferSizeMB", bufferSizeMB] : ["bufferIntervalSeconds", bufferIntervalSeconds];
  const allowed = "unlike Firehose's default where the other of bufferSizeMB and bufferIntervalSeconds is";
  const fix = `Every plan would show a difference. Choose another value, or leave both at ${size} MB and ${interval} seconds.`;
  return [problem(path, { allowed, got, fix })];
}

function onlyWithPartitioning(type: string): Problem {
  const fix = "Set dynamicPartitioning, or remove the processor.";
  return { path: "type", text: `must go with dynamic partitioning, got ${type} without it. ${fix}` };
}
