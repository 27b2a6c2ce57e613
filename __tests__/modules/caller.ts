import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readFolder } from "../../scripts/modules/folder";
import type { Plan } from "../helpers/plan";
import { init, terraform, workspace } from "../helpers/terraform";
import { answered } from "../helpers/terraform-answers";

const MODULES = join(__dirname, "../../modules");

/** Every committed file of modules/, by path below it. */
export function committedFiles(): ReadonlyMap<string, string> {
  return new Map([...readFolder(MODULES)].sort());
}

/** Those that are generated, and all that a caller needs. */
export function committedModules(): ReadonlyMap<string, string> {
  return new Map([...committedFiles()].filter(([path]) => path.split("/").length === 2));
}

/** A root that calls every module twice, beside the modules as committed. */
export function callerFiles(): Record<string, string> {
  const modules = [...committedModules()].map(([path, text]) => [`modules/${path}`, text]);
  return {
    "main.tf": readFileSync(join(__dirname, "root/main.tf"), "utf8"),
    ...Object.fromEntries(modules),
  };
}

/** The plan of that root, made by the real Terraform and provider. @throws Error with Terraform's words */
export async function callerPlan(variables: Readonly<Record<string, number>> = {}): Promise<Plan> {
  const files = { ...callerFiles(), "terraform.tfvars.json": JSON.stringify(variables) };
  const text = await answered(["caller plan", JSON.stringify(files)], async () => {
    const directory = workspace(files);
    try {
      await init(directory);
      await terraform(directory, "plan", "-input=false", "-no-color", "-out=plan");
      return await terraform(directory, "show", "-json", "plan");
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
  return JSON.parse(text);
}

/** What `terraform test` says in a module's folder, beside the others. @throws Error with Terraform's words */
export async function moduleTests(name: string): Promise<string> {
  const files = Object.fromEntries(committedFiles());
  return answered(["module tests", name, JSON.stringify(files)], async () => {
    const root = workspace(files);
    try {
      await init(join(root, name));
      return await terraform(join(root, name), "test", "-no-color");
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
}
