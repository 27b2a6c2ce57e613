import type { DeliveryProcessor } from "../../../stacks/constructs/delivery/processors";
import type { DeliveryShapeProps } from "../../../stacks/constructs/delivery/props";
import { deliveryProblems } from "../../../stacks/constructs/delivery/rules";

const query = (...keys: string[]): DeliveryProcessor => ({
  type: "MetadataExtraction",
  keys: Object.fromEntries(keys.map((key) => [key, `.${key}`])),
});
const lambda: DeliveryProcessor = {
  type: "Lambda",
  functionArn: "arn:aws:lambda:eu-west-1:333333333333:function:f:live",
};
const prefixWith = (...keys: string[]) => keys.map((key) => `!{partitionKeyFromQuery:${key}}/`).join("");

const partitioned = (props: Partial<DeliveryShapeProps> = {}): DeliveryShapeProps => ({
  dynamicPartitioning: {},
  processors: [query("lang")],
  dataOutputPrefix: prefixWith("lang"),
  ...props,
});
const keys = (count: number) => Array.from({ length: count }, (_, index) => `k${index}`);

const accepted: [string, DeliveryShapeProps & { streamName?: string }][] = [
  ["nothing but defaults", {}],
  ["a buffer of 1 MiB and no interval", { bufferingSizeMiB: 1, bufferingIntervalSeconds: 0 }],
  [
    "a fixed data prefix with a fixed error prefix",
    { dataOutputPrefix: "posts/", errorOutputPrefix: "errors/" },
  ],
  ["a backup under a fixed prefix", { sourceBackup: { outputPrefix: "source/" } }],
  ["an IANA time zone", { timeZone: "Asia/Tokyo" }],
  ["dynamic partitioning by an extracted key", partitioned()],
  [
    "dynamic partitioning at the smallest buffer",
    partitioned({ bufferingSizeMiB: 64, bufferingIntervalSeconds: 60 }),
  ],
  [
    "keys from a function",
    partitioned({ processors: [lambda], dataOutputPrefix: "!{partitionKeyFromLambda:lang}/" }),
  ],
  [
    "de-aggregation with dynamic partitioning",
    partitioned({ processors: [{ type: "RecordDeAggregation" }, query("lang")] }),
  ],
  ["conversion at 64 MiB", { parquet: { databaseName: "d", tableName: "t" }, bufferingSizeMiB: 64 }],
  ["a random string in the data prefix", { dataOutputPrefix: "!{firehose:random-string}/" }],
  [
    "a function's batch of its own size and age",
    { processors: [{ ...lambda, bufferSizeMB: 2, bufferIntervalSeconds: 61 }] },
  ],
  [
    "a function's batch at AWS's defaults, said aloud",
    { processors: [{ ...lambda, bufferSizeMB: 1, bufferIntervalSeconds: 60 }] },
  ],
  ["a retry for two hours", partitioned({ dynamicPartitioning: { retrySeconds: 7200 } })],
];

/** Firehose takes none of them without a prefix of errors, which a backup does not have. */
const BACKUP_EXPRESSIONS = [
  "!{timestamp:yyyy}/",
  "!{firehose:random-string}/",
  "!{firehose:error-output-type}/",
  "!{partitionKeyFromQuery:lang}/",
  "!{partitionKeyFromLambda:lang}/",
  "!{time:yyyy}/",
  "!{timestamp:yyyy/",
];

const refused: [string, DeliveryShapeProps & { streamName?: string }, RegExp][] = [
  ...BACKUP_EXPRESSIONS.map((expression): (typeof refused)[number] => [
    `a backup under ${expression}`,
    { sourceBackup: { outputPrefix: `source/${expression}` } },
    /^sourceBackup.outputPrefix must be a prefix without expressions, got "source\/!\{/,
  ]),
  [
    "a backup prefix of 1025 characters",
    { sourceBackup: { outputPrefix: "a".repeat(1025) } },
    /^sourceBackup.outputPrefix must be at most 1024/,
  ],
  ["a buffer of 0 MiB", { bufferingSizeMiB: 0 }, /^bufferingSizeMiB must be .* 1 to 128 MiB, got 0/],
  ["a buffer of 129 MiB", { bufferingSizeMiB: 129 }, /^bufferingSizeMiB must be .* got 129/],
  ["an interval of -1", { bufferingIntervalSeconds: -1 }, /^bufferingIntervalSeconds must be .* got -1/],
  [
    "an interval of 9010",
    { bufferingIntervalSeconds: 9010 },
    /^bufferingIntervalSeconds must be .* got 9010/,
  ],
  ["a stream name with a space", { streamName: "tweet stream" }, /^streamName must be/],
  ["a file extension with a path", { fileExtension: "x.gz/../" }, /^fileExtension must be/],
  ["a time zone on another planet", { timeZone: "Mars/Phobos" }, /^timeZone must be an IANA time zone/],
  ["an offset for a time zone", { timeZone: "+01:00" }, /^timeZone must be an IANA time zone/],
  [
    "a prefix of 1025 characters",
    { dataOutputPrefix: "a".repeat(1025) },
    /^dataOutputPrefix must be at most 1024/,
  ],
  [
    "an unknown namespace",
    { dataOutputPrefix: "!{time:yyyy}/" },
    /^dataOutputPrefix must be made of .*got "!\{time:yyyy\}"/,
  ],
  [
    "an expression without a name",
    { dataOutputPrefix: "!{timestamp}/" },
    /^dataOutputPrefix must be made of/,
  ],
  ["an open brace", { dataOutputPrefix: "!{timestamp:yyyy/" }, /^dataOutputPrefix must close every/],
  [
    "an error prefix without its type",
    { errorOutputPrefix: "errors/" },
    /^errorOutputPrefix must be a prefix that holds/,
  ],
  [
    "the error type in the data prefix",
    { dataOutputPrefix: "!{firehose:error-output-type}/" },
    /^dataOutputPrefix must not hold/,
  ],
  [
    "a partition key in the error prefix",
    partitioned({ errorOutputPrefix: "!{firehose:error-output-type}/!{partitionKeyFromQuery:lang}/" }),
    /^errorOutputPrefix must not use partition keys/,
  ],
  [
    "a partition key without partitioning",
    { dataOutputPrefix: prefixWith("lang") },
    /^dataOutputPrefix must not use partition keys without/,
  ],
  [
    "partitioning without a processor",
    partitioned({ processors: [], dataOutputPrefix: "!{partitionKeyFromLambda:a}/" }),
    /^dynamicPartitioning must have a processor|^dataOutputPrefix must not use .* without a Lambda/,
  ],
  [
    "partitioning without a key in the prefix",
    partitioned({ processors: [lambda], dataOutputPrefix: "posts/" }),
    /^dataOutputPrefix must use a partition key/,
  ],
  [
    "an extracted key that is not used",
    partitioned({ processors: [query("lang", "place")] }),
    /^dataOutputPrefix must use every extracted key, got none of !\{partitionKeyFromQuery:place\}/,
  ],
  [
    "a used key that is not extracted",
    partitioned({ dataOutputPrefix: prefixWith("lang", "place") }),
    /^dataOutputPrefix must use extracted keys only, got !\{partitionKeyFromQuery:place\}/,
  ],
  [
    "keys from a function that is not there",
    partitioned({ dataOutputPrefix: `${prefixWith("lang")}!{partitionKeyFromLambda:a}/` }),
    /^dataOutputPrefix must not use !\{partitionKeyFromLambda/,
  ],
  [
    "partitioning at 63 MiB",
    partitioned({ bufferingSizeMiB: 63 }),
    /^bufferingSizeMiB must be at least 64 MiB when dynamic partitioning is enabled, got "63 MiB"/,
  ],
  [
    "partitioning at 59 seconds",
    partitioned({ bufferingIntervalSeconds: 59 }),
    /^bufferingIntervalSeconds must be at least 60 seconds/,
  ],
  [
    "a retry for more than two hours",
    partitioned({ dynamicPartitioning: { retrySeconds: 7201 } }),
    /^dynamicPartitioning.retrySeconds must be/,
  ],
  [
    "conversion at 63 MiB",
    { parquet: { databaseName: "d", tableName: "t" }, bufferingSizeMiB: 63 },
    /^bufferingSizeMiB must be at least 64 MiB when format conversion/,
  ],
  [
    "extraction without partitioning",
    { processors: [query("lang")] },
    /^processors.0.type must go with dynamic partitioning, got MetadataExtraction/,
  ],
  [
    "de-aggregation without partitioning",
    { processors: [{ type: "RecordDeAggregation" }] },
    /^processors.0.type must go with dynamic partitioning, got RecordDeAggregation/,
  ],
  [
    "a function's batch of 3.1 MB",
    { processors: [{ ...lambda, bufferSizeMB: 3.1 }] },
    /^processors.0.bufferSizeMB must be/,
  ],
  [
    "a function's batch of its own size and default age",
    { processors: [{ ...lambda, bufferSizeMB: 2 }] },
    /^processors.0.bufferIntervalSeconds must be unlike .*, got 60\./,
  ],
  [
    "a function's batch of default size and its own age",
    { processors: [{ ...lambda, bufferIntervalSeconds: 61 }] },
    /^processors.0.bufferSizeMB must be unlike .*, got 1\./,
  ],
];

describe("delivery", () => {
  it.each(accepted)("accepts %s", (_case, props) => {
    expect(deliveryProblems(props)).toEqual([]);
  });

  it.each(refused)("refuses %s", (_case, props, message) => {
    const problems = deliveryProblems(props).map(({ path, text }) => `${path} ${text}`);
    expect(problems).not.toEqual([]);
    for (const each of problems) expect(each).toMatch(message);
  });

  it.each([
    [50, 0],
    [51, 1],
  ])("with %d partition keys has %d problem with their number", (count, expected) => {
    const props = partitioned({
      processors: [query(...keys(count))],
      dataOutputPrefix: prefixWith(...keys(count)),
    });
    expect(deliveryProblems(props).filter(({ path }) => path === "processors.0.keys")).toHaveLength(expected);
  });
});
