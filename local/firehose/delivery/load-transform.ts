import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../support/usage-error";
import { streamArn } from "../describe";
import type { RecordProcessor } from "./delivery";
import { type LambdaHandler, lambdaProcessor } from "./lambda-processor";
import { DEFAULT_STREAM_NAME } from "./layout";

/** The very file that Lambda runs. */
export const TRANSFORM_BUNDLE = join(__dirname, "../../../transform/dist/index.js");

/**
 * The project's transform, in this process.
 * @param streamName stands in the function's events
 * @throws UsageError when it has not been built.
 */
export function loadTransform(streamName = DEFAULT_STREAM_NAME, bundle = TRANSFORM_BUNDLE): RecordProcessor {
  if (!existsSync(bundle)) {
    throw new UsageError(`${bundle} does not exist. Build the transform first: npm run build`);
  }
  const { handler } = require(bundle) as { readonly handler: LambdaHandler };
  return lambdaProcessor(handler, streamArn(streamName));
}
