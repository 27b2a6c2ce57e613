import type { TransformEvent, TransformResponse } from "./firehose-event";
import { reportOf } from "./report";
import { transform } from "./transform";

const namespace = process.env.METRICS_NAMESPACE ?? "";
const functionName = process.env.AWS_LAMBDA_FUNCTION_NAME ?? "local";

/** Entry point of the Lambda function: `index.handler`. */
export async function handler(event: TransformEvent): Promise<TransformResponse> {
  const { response, counts } = transform(event);
  const report = reportOf(counts, { namespace, functionName, nowMs: Date.now() });
  // Straight to stdout: Lambda's console puts a time and a level before the line, and metrics must be pure JSON.
  if (report !== undefined) process.stdout.write(`${report}\n`);
  return response;
}
