/**
 * Where delivered objects lie. The data stack gives the same strings to the real delivery stream, so that
 * what is learnt from `.local/bucket/` holds in S3.
 */

/** Prefix of delivered objects, evaluated with the arrival time (UTC) of the object's oldest record. */
export const DEFAULT_DATA_PREFIX =
  "tweets/year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/";

/** Prefix of objects holding records that a transform failed. */
export const DEFAULT_ERROR_PREFIX =
  "errors/!{firehose:error-output-type}/year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/";

/** The delivery stream's name as shipped. */
export const DEFAULT_STREAM_NAME = "tweet_stream";
