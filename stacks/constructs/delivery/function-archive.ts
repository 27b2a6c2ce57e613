import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { checkAtSynth } from "../checks/check";

/** Placeholder for a missing archive until validation stops synthesis. */
const NOTHING = { path: "missing.zip", base64Sha256: "" };

/** A function's code, copied into the stack's directory so that Terraform finds it on any machine. */
export class FunctionArchive extends Construct {
  /** Relative to the stack's own directory. */
  readonly path: string;
  /** Hash in Lambda's form; it changes only when the code does. */
  readonly base64Sha256: string;

  /** @param file zip archive from the build */
  constructor(scope: Construct, id: string, file: string) {
    super(scope, id);
    const found = existsSync(file) ? this.include(file) : NOTHING;
    this.path = found.path;
    this.base64Sha256 = found.base64Sha256;
    const fix = {
      path: "",
      text: `must be a zip archive, but ${file} does not exist. Build it: npm run build`,
    };
    checkAtSynth(this, found === NOTHING ? [fix] : []);
  }

  private include(file: string) {
    const content = readFileSync(file);
    const hash = (encoding: "base64" | "hex") => createHash("sha256").update(content).digest(encoding);
    const asset = new TerraformAsset(this, "asset", {
      path: file,
      type: AssetType.FILE,
      assetHash: hash("hex").slice(0, 16),
    });
    return { path: asset.path, base64Sha256: hash("base64") };
  }
}
