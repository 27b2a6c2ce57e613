import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { checkov } from "./checkov";
import { allResources, evaluate, rules } from "./evaluate";
import { exceptions } from "./exceptions";
import { scannerFiles } from "./scanner-files";
import { securityTable } from "./security-table";
import { trivy } from "./trivy";

/** checkov's rules that concern these kinds of resources; trivy's are those of its recorded run. */
const CONCERNED = [
  "CKV_AWS_51 CKV_AWS_136 CKV_AWS_163 CKV_AWS_65 CKV_AWS_97 CKV_AWS_223 CKV_AWS_224 CKV_AWS_249 CKV_AWS_332",
  "CKV_AWS_333 CKV_AWS_334 CKV_AWS_335 CKV_AWS_336 CKV_AWS_240 CKV_AWS_241 CKV_AWS_18 CKV_AWS_19 CKV_AWS_20",
  "CKV_AWS_21 CKV_AWS_53 CKV_AWS_54 CKV_AWS_55 CKV_AWS_56 CKV_AWS_57 CKV_AWS_70 CKV_AWS_93 CKV_AWS_145",
  "CKV_AWS_300 CKV_AWS_379 CKV2_AWS_6 CKV2_AWS_61 CKV2_AWS_62 CKV2_AWS_65 CKV_AWS_60 CKV_AWS_61 CKV_AWS_62",
  "CKV_AWS_63 CKV_AWS_274 CKV_AWS_286 CKV_AWS_287 CKV_AWS_288 CKV_AWS_289 CKV_AWS_290 CKV_AWS_355 CKV_AWS_356",
  "CKV_AWS_45 CKV_AWS_50 CKV_AWS_115 CKV_AWS_116 CKV_AWS_117 CKV_AWS_173 CKV_AWS_272 CKV_AWS_363 CKV_AWS_364",
  "CKV_AWS_66 CKV_AWS_158 CKV_AWS_338 CKV_AWS_149 CKV2_AWS_57 CKV_AWS_23 CKV_AWS_24 CKV_AWS_25 CKV_AWS_130",
  "CKV_AWS_260 CKV_AWS_277 CKV_AWS_382 CKV2_AWS_5 CKV2_AWS_11 CKV2_AWS_12 CKV_AWS_28 CKV_AWS_119 CKV_AWS_26",
  "CKV_AWS_169 CKV_AWS_7 CKV_AWS_33 CKV2_AWS_64 CKV_AWS_319 CKV_AWS_358 CKV_AWS_393",
].flatMap((line) => line.split(" "));

const resources = allResources();
const verdicts = evaluate(resources);

describe("public scanners' rules", () => {
  it.each(verdicts.map(({ rule, broken }) => ({ id: rule.ids[0], title: rule.title, broken })))(
    "$id: $title",
    ({ broken }) => {
      expect(broken).toEqual([]);
    },
  );

  it("are all here", () => {
    const known = new Set(rules.flatMap(({ ids }) => ids));
    const concerned = [...CONCERNED, ...trivy.failing, ...trivy.passing];
    expect(concerned.filter((id) => !known.has(id))).toEqual([]);
  });

  it("name no rule of trivy that trivy does not run", () => {
    const ran = new Set([...trivy.failing, ...trivy.passing]);
    const named = verdicts.flatMap(({ rule, checked }) => (checked > 0 ? rule.ids : []));
    expect(named.filter((id) => id.startsWith("AWS-") && !ran.has(id))).toEqual([]);
  });

  it.each([
    ["checkov", checkov],
    ["trivy", trivy],
  ])("give a reason for everything that %s itself objects to", (_name, { failing }) => {
    const excused = new Set(
      verdicts.filter((each) => each.excused.length > 0).flatMap(({ rule }) => rule.ids),
    );
    expect(failing.filter((id) => !excused.has(id))).toEqual([]);
  });

  it("have no exception that is not needed", () => {
    const needed = verdicts.flatMap(({ excused }) => excused);
    expect(exceptions.filter((exception) => !needed.includes(exception))).toEqual([]);
  });

  it("stand in docs/security.md as they are", () => {
    const path = join(__dirname, "../../docs/security.md");
    expect(readFileSync(path, "utf8")).toBe(securityTable(verdicts));
  });

  it("are the only exceptions of the scanners in the workflow", () => {
    const files = scannerFiles(verdicts);
    for (const [path, text] of Object.entries(files))
      expect(readFileSync(join(__dirname, "../..", path), "utf8")).toBe(text);
    const { "skip-check": skipped } = parse(files[".github/scanners/checkov.yaml"] ?? "");
    expect([...skipped].sort()).toEqual([...checkov.failing].sort());
    const { misconfigurations } = parse(files[".github/scanners/trivyignore.yaml"] ?? "");
    expect(misconfigurations.map(({ id }: { id: string }) => id).sort()).toEqual([...trivy.failing].sort());
  });
});

describe("a rule", () => {
  it.each([
    ["aws_ecr_repository", { image_tag_mutability: "MUTABLE" }, "CKV_AWS_51"],
    ["aws_ecs_cluster", { setting: [{ name: "containerInsights", value: "disabled" }] }, "CKV_AWS_65"],
    ["aws_kinesis_firehose_delivery_stream", { server_side_encryption: { enabled: false } }, "CKV_AWS_240"],
    ["aws_s3_bucket_public_access_block", { block_public_acls: false }, "CKV_AWS_53"],
    ["aws_vpc_security_group_ingress_rule", { cidr_ipv4: "0.0.0.0/0", ip_protocol: "-1" }, "CKV_AWS_24"],
    ["aws_subnet", { map_public_ip_on_launch: true }, "CKV_AWS_130"],
    ["aws_cloudwatch_log_group", { retention_in_days: 0 }, "CKV_AWS_66"],
    ["aws_s3_bucket", { bucket: "posts.example" }, "AWS-0320"],
    ["aws_athena_workgroup", { configuration: { result_configuration: {} } }, "AWS-0006"],
    ["aws_athena_workgroup", { configuration: { enforce_workgroup_configuration: false } }, "AWS-0007"],
    ["aws_sns_topic", { kms_master_key_id: "alias/aws/sns" }, "AWS-0136"],
    ["data.aws_iam_policy_document", { statement: [{ actions: ["s3:*"], resources: ["a"] }] }, "AWS-0345"],
    ["data.aws_iam_policy_document", { statement: [{ actions: ["*"], resources: ["*"] }] }, "CKV_AWS_62"],
    [
      "data.aws_iam_policy_document",
      { statement: [{ actions: ["s3:PutObject"], resources: ["*"] }] },
      "CKV_AWS_290",
    ],
    [
      "data.aws_iam_policy_document",
      { statement: [{ actions: ["iam:PassRole"], resources: ["*"] }] },
      "AWS-0342",
    ],
  ])("notices a bad %s", (type, attributes, id) => {
    const [first] = resources;
    if (!first) throw new Error("Nothing was synthesized");
    const verdict = evaluate([{ ...first, type, id: "bad", attributes }]).find(({ rule }) =>
      rule.ids.includes(id),
    );
    expect(verdict?.broken).toHaveLength(1);
  });
});
