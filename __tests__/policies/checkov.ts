/**
 * What checkov says of every stack of every shipped environment and variant: of the synthesized JSON
 * (`--framework terraform_json`), and of a plan as JSON (`--framework terraform_plan`). It ran from its source, without
 * its platform.
 */
export const CHECKOV_VERSION = "3.3.13";

/** Checks that fail somewhere. */
export const failing: readonly string[] = [
  "CKV2_AWS_5 CKV2_AWS_11 CKV2_AWS_57 CKV2_AWS_62 CKV_AWS_18 CKV_AWS_50 CKV_AWS_109 CKV_AWS_111 CKV_AWS_115",
  "CKV_AWS_116 CKV_AWS_117 CKV_AWS_119 CKV_AWS_136 CKV_AWS_144 CKV_AWS_145 CKV_AWS_149 CKV_AWS_158",
  "CKV_AWS_173 CKV_AWS_241 CKV_AWS_272 CKV_AWS_297 CKV_AWS_333 CKV_AWS_338 CKV_AWS_356 CKV_AWS_358",
  "CKV_AWS_393",
].flatMap((line) => line.split(" "));

/** Checks that look at some resource, and fail nowhere. */
export const passing: readonly string[] = [
  "CKV2_AWS_6 CKV2_AWS_12 CKV2_AWS_16 CKV2_AWS_19 CKV2_AWS_35 CKV2_AWS_40 CKV2_AWS_44 CKV2_AWS_56",
  "CKV2_AWS_61 CKV2_AWS_64 CKV2_AWS_65 CKV2_AWS_75 CKV_AWS_1 CKV_AWS_7 CKV_AWS_19 CKV_AWS_20 CKV_AWS_21",
  "CKV_AWS_23 CKV_AWS_24 CKV_AWS_25 CKV_AWS_26 CKV_AWS_28 CKV_AWS_33 CKV_AWS_41 CKV_AWS_45 CKV_AWS_49",
  "CKV_AWS_51 CKV_AWS_53 CKV_AWS_54 CKV_AWS_55 CKV_AWS_56 CKV_AWS_57 CKV_AWS_60 CKV_AWS_61 CKV_AWS_62",
  "CKV_AWS_63 CKV_AWS_65 CKV_AWS_66 CKV_AWS_70 CKV_AWS_82 CKV_AWS_93 CKV_AWS_97 CKV_AWS_107 CKV_AWS_108",
  "CKV_AWS_110 CKV_AWS_130 CKV_AWS_159 CKV_AWS_163 CKV_AWS_169 CKV_AWS_223 CKV_AWS_227 CKV_AWS_240",
  "CKV_AWS_249 CKV_AWS_260 CKV_AWS_274 CKV_AWS_277 CKV_AWS_283 CKV_AWS_286 CKV_AWS_287 CKV_AWS_288",
  "CKV_AWS_289 CKV_AWS_290 CKV_AWS_300 CKV_AWS_319 CKV_AWS_334 CKV_AWS_335 CKV_AWS_336 CKV_AWS_355",
  "CKV_AWS_363 CKV_AWS_382 CKV_AWS_385",
].flatMap((line) => line.split(" "));
