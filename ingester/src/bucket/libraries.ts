/**
 * Libraries that only `audit` needs. The build puts them into a file of their own (dist/bucket.js): Node reads the whole of
 * main.js at each start, and these would cost every `run` 10 ms. Import this file only dynamically.
 */
export { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
export { parquetMetadataAsync, parquetReadObjects } from "hyparquet";
