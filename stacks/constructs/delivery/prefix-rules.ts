import { boundProblems, type Problem, problem } from "../checks/check";
import { type DeliveryShapeProps, deliveryDefaults } from "./props";

/** One `!{namespace:name}` of a prefix: https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html */
interface Expression {
  readonly namespace: string;
  readonly name: string;
}

const QUERY = "partitionKeyFromQuery";
const LAMBDA = "partitionKeyFromLambda";
const NAMESPACES = ["firehose", "timestamp", LAMBDA, QUERY];
const ERROR_TYPE = "error-output-type";

/** Checks both prefixes against each other, and against the keys that partition the data. */
export function prefixProblems(props: DeliveryShapeProps): Problem[] {
  const { dataOutputPrefix, errorOutputPrefix } = deliveryDefaults(props);
  return [
    ...commonProblems("dataOutputPrefix", dataOutputPrefix),
    ...commonProblems("errorOutputPrefix", errorOutputPrefix),
    ...(props.sourceBackup ? backupProblems(props.sourceBackup.outputPrefix) : []),
    ...errorTypeProblems(dataOutputPrefix, errorOutputPrefix),
    ...keyProblems(dataOutputPrefix, props),
    ...errorKeyProblems(errorOutputPrefix),
  ];
}

function expressionsOf(prefix: string): Expression[] {
  return [...prefix.matchAll(/!\{([^:}]*):?([^}]*)\}/g)].map(([, namespace = "", name = ""]) => ({
    namespace,
    name,
  }));
}

function uses(prefix: string, wanted: Partial<Expression>): boolean {
  return expressionsOf(prefix).some(
    ({ namespace, name }) => (wanted.namespace ?? namespace) === namespace && (wanted.name ?? name) === name,
  );
}

/** Checks length, namespaces and closing braces. */
function commonProblems(path: string, prefix: string): Problem[] {
  const opened = prefix.split("!{").length - 1;
  const expressions = expressionsOf(prefix);
  const strangers = expressions.filter(
    ({ namespace, name }) => !NAMESPACES.includes(namespace) || name === "",
  );
  return [
    ...boundProblems("outputPrefix", path, prefix),
    ...(opened === expressions.length
      ? []
      : [{ path, text: `must close every "!{" with "}", got "${prefix}". Add the brace.` }]),
    ...strangers.map(({ namespace, name }) =>
      problem(path, {
        allowed: `made of expressions like !{namespace:name}, with one of the namespaces ${NAMESPACES.join(", ")}`,
        got: `!{${namespace}:${name}}`,
        fix: "Correct the namespace, or remove the expression.",
      }),
    ),
  ];
}

/** Firehose asks for a prefix of errors beside one with expressions, and a backup has none. */
function backupProblems(prefix: string): Problem[] {
  const path = "sourceBackup.outputPrefix";
  if (!prefix.includes("!{")) return boundProblems("outputPrefix", path, prefix);
  return [
    problem(path, {
      allowed: "a prefix without expressions",
      got: prefix,
      fix: "Firehose appends year, month, day and hour itself; remove the expression.",
    }),
  ];
}

function errorTypeProblems(data: string, error: string): Problem[] {
  const expected = { namespace: "firehose", name: ERROR_TYPE };
  const inData = uses(data, expected);
  const missing = (uses(data, {}) || uses(error, {})) && !uses(error, expected);
  return [
    ...(inData
      ? [
          {
            path: "dataOutputPrefix",
            text: `must not hold !{firehose:${ERROR_TYPE}}: delivered objects have none. Remove it.`,
          },
        ]
      : []),
    ...(missing
      ? [
          problem("errorOutputPrefix", {
            allowed: `a prefix that holds !{firehose:${ERROR_TYPE}} when either prefix has expressions`,
            got: error,
            fix: "Firehose refuses such a stream; add the expression.",
          }),
        ]
      : []),
  ];
}

/** Checks that the prefix uses exactly the keys that processors extract. */
function keyProblems(data: string, { dynamicPartitioning, processors = [] }: DeliveryShapeProps): Problem[] {
  const fromQuery = expressionsOf(data).filter(({ namespace }) => namespace === QUERY);
  const fromLambda = uses(data, { namespace: LAMBDA });
  const path = "dataOutputPrefix";
  if (!dynamicPartitioning) {
    if (fromQuery.length === 0 && !fromLambda) return [];
    return [
      { path, text: "must not use partition keys without dynamic partitioning. Set dynamicPartitioning." },
    ];
  }
  const found = processors.flatMap((processor) =>
    processor.type === "MetadataExtraction" ? Object.keys(processor.keys) : [],
  );
  const unused = found.filter((key) => !fromQuery.some(({ name }) => name === key));
  const unknown = fromQuery.filter(({ name }) => !found.includes(name));
  const lambda = processors.some(({ type }) => type === "Lambda");
  return [
    ...unused.map((key) => ({
      path,
      text: `must use every extracted key, got none of !{${QUERY}:${key}}. Add it, or extract less.`,
    })),
    ...unknown.map(({ name }) => ({
      path,
      text: `must use extracted keys only, got !{${QUERY}:${name}}. Extract ${name}.`,
    })),
    ...(fromLambda && !lambda
      ? [{ path, text: `must not use !{${LAMBDA}:...} without a Lambda processor. Add one.` }]
      : []),
    ...(fromQuery.length === 0 && !fromLambda
      ? [{ path, text: "must use a partition key when dynamic partitioning is enabled, got none. Add one." }]
      : []),
  ];
}

function errorKeyProblems(error: string): Problem[] {
  if (!uses(error, { namespace: QUERY }) && !uses(error, { namespace: LAMBDA })) return [];
  const text = "must not use partition keys: what failed may have none. Remove them.";
  return [{ path: "errorOutputPrefix", text }];
}
