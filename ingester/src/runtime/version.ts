import manifest from "../../../package.json";

/** Of everything in this repository; the root's package.json alone states it. */
export const VERSION: string = manifest.version;
