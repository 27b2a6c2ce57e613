import type { ITerraformDependable } from "cdktf";

/** What Firehose can do with records: https://docs.aws.amazon.com/firehose/latest/APIReference/API_Processor.html */
export type DeliveryProcessor = LambdaProcessor | MetadataProcessor | DeAggregationProcessor;

/** Invokes a function with batches of records. */
export interface LambdaProcessor {
  readonly type: "Lambda";
  /** With version or alias: `...:function:NAME:$LATEST` or `:live`. */
  readonly functionArn: string;
  /**
   * Resources that the stream must be created after: Terraform sees no dependency in an ARN that is built from names.
   * @default - the function is there already
   */
  readonly dependable?: ITerraformDependable;
  /**
   * Size of a batch, 0.2 to 3 MB. Another size than the default needs another interval than the default, too.
   * @default 1
   */
  readonly bufferSizeMB?: number;
  /**
   * Age of a batch, 0 to 900 seconds. Another age than the default needs another size than the default, too.
   * @default 60
   */
  readonly bufferIntervalSeconds?: number;
  /**
   * Times that a failed invocation is tried again, 0 to 300.
   * @default 3
   */
  readonly retries?: number;
}

/** Finds partition keys in JSON records; only with dynamic partitioning. */
export interface MetadataProcessor {
  readonly type: "MetadataExtraction";
  /** Partition key to jq expression: `{ lang: ".lang" }`. */
  readonly keys: Readonly<Record<string, string>>;
}

/** Splits records that hold several; only with dynamic partitioning. */
export interface DeAggregationProcessor {
  readonly type: "RecordDeAggregation";
}

interface RenderedProcessor {
  readonly type: string;
  readonly parameters: { readonly parameterName: string; readonly parameterValue: string }[];
}

/** AWS's defaults. The provider omits them when it reads, so that a parameter with a default value differs in every plan. */
export const LAMBDA_DEFAULTS = { bufferSizeMB: 1, bufferIntervalSeconds: 60, retries: 3 };

/** The processor as Firehose takes it, without parameters that equal AWS's defaults. */
export function renderProcessor(processor: DeliveryProcessor): RenderedProcessor {
  switch (processor.type) {
    case "Lambda":
      return { type: "Lambda", parameters: parameters(lambdaParameters(processor)) };
    case "MetadataExtraction":
      return {
        type: "MetadataExtraction",
        parameters: parameters({
          JsonParsingEngine: "JQ-1.6",
          MetadataExtractionQuery: `{${Object.entries(processor.keys)
            .map(([key, expression]) => `${key}:${expression}`)
            .join(",")}}`,
        }),
      };
    case "RecordDeAggregation":
      return { type: "RecordDeAggregation", parameters: parameters({ SubRecordType: "JSON" }) };
  }
}

function lambdaParameters(processor: LambdaProcessor): Record<string, string> {
  const size = processor.bufferSizeMB ?? LAMBDA_DEFAULTS.bufferSizeMB;
  const interval = processor.bufferIntervalSeconds ?? LAMBDA_DEFAULTS.bufferIntervalSeconds;
  const retries = processor.retries ?? LAMBDA_DEFAULTS.retries;
  const ownBuffer =
    size !== LAMBDA_DEFAULTS.bufferSizeMB || interval !== LAMBDA_DEFAULTS.bufferIntervalSeconds;
  return {
    LambdaArn: processor.functionArn,
    // AWS requires both hints or neither.
    ...(ownBuffer ? { BufferSizeInMBs: String(size), BufferIntervalInSeconds: String(interval) } : {}),
    ...(retries === LAMBDA_DEFAULTS.retries ? {} : { NumberOfRetries: String(retries) }),
  };
}

function parameters(values: Readonly<Record<string, string>>) {
  return Object.entries(values).map(([parameterName, parameterValue]) => ({ parameterName, parameterValue }));
}
