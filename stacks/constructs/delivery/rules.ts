import { Token } from "cdktf";
import { boundProblems, type Problem, problem, under } from "../checks/check";
import { timeZoneProblems } from "../checks/time-zone";
import { prefixProblems } from "./prefix-rules";
import { type DeliveryProcessor, LAMBDA_DEFAULTS, type LambdaProcessor } from "./processors";
import { type DeliveryShapeProps, deliveryDefaults } from "./props";

/** https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const MAX_PARTITION_KEYS = 50;
/** https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-enable.html */
const PARTITIONED_MIN_SIZE_MIB = 64;
const PARTITIONED_MIN_INTERVAL_SECONDS = 60;

/** What Firehose would refuse, or accept and do wrong: Terraform and its provider let all of it through. */
export function deliveryProblems(props: DeliveryShapeProps & { readonly streamName?: string }): Problem[] {
  return [
    ...boundProblems("streamName", "streamName", props.streamName),
    ...boundProblems("bufferingSizeMiB", "bufferingSizeMiB", props.bufferingSizeMiB),
    ...boundProblems("bufferingIntervalSeconds", "bufferingIntervalSeconds", props.bufferingIntervalSeconds),
    ...boundProblems("fileExtension", "fileExtension", props.fileExtension),
    ...timeZoneProblems("timeZone", props.timeZone),
    ...prefixProblems(props),
    ...bufferingProblems(props),
    ...partitioningProblems(props),
    ...(props.processors ?? []).flatMap((processor, index) =>
      under(`processors.${index}`, processorProblems(processor, props)),
    ),
  ];
}

/** Partitioning and conversion work on large buffers only. */
function bufferingProblems(props: DeliveryShapeProps): Problem[] {
  const { bufferingSizeMiB, bufferingIntervalSeconds } = deliveryDefaults(props);
  const reason = props.dynamicPartitioning ? "dynamic partitioning" : props.parquet && "format conversion";
  const problems: Problem[] = [];
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
  if (processor.type === "Lambda") {
    const hints = [
      ...boundProblems("lambdaBufferMB", "bufferSizeMB", processor.bufferSizeMB),
      ...boundProblems("bufferingIntervalSeconds", "bufferIntervalSeconds", processor.bufferIntervalSeconds),
    ];
    return [
      ...(hints.length > 0 ? hints : lambdaBufferProblems(processor)),
      ...boundProblems("lambdaRetries", "retries", processor.retries),
    ];
  }
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

/**
 * AWS takes both buffer hints or none, and the provider drops the one that equals AWS's default when it reads: the next
 * plan, and every later one, would add it again.
 */
export function lambdaBufferProblems(
  processor: Pick<LambdaProcessor, "bufferSizeMB" | "bufferIntervalSeconds">,
): Problem[] {
  const { bufferSizeMB: size, bufferIntervalSeconds: interval } = LAMBDA_DEFAULTS;
  const { bufferSizeMB = size, bufferIntervalSeconds = interval } = processor;
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
