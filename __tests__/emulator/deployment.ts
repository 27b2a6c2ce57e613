import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Program } from "../helpers/program";
import { init } from "../helpers/terraform";
import { loggedCalls } from "../review/calls";
import type { Emulator } from "./emulator";

const run = promisify(execFile);

/** The synthesized program in a directory of its own, deployed by plain Terraform; its state lies there, too. */
export class Deployment {
  private readonly program = new Program();

  constructor(private readonly emulator: Emulator) {}

  async synth(): Promise<void> {
    const { exitCode, stderr } = await this.program.synth();
    if (exitCode !== 0) throw new Error(`npm run synth failed:\n${stderr}`);
  }

  /** Replaces text in the environment file, which must be there. */
  edit(from: string, to: string): void {
    this.program.edit("environments/local.ts", from, to);
  }

  async apply(stack: string): Promise<void> {
    await init(this.directoryOf(stack));
    await this.terraform(stack, "apply", "-auto-approve");
  }

  /** What a plan would still change: `address attribute`, one for each difference. */
  async differences(stack: string): Promise<string[]> {
    return (await this.changes(stack)).flatMap(({ address, change }) =>
      changedAttributes(change).map((name) => `${address} ${name}`),
    );
  }

  /** What a plan would do from the state as it was applied: actions by address. @throws what Terraform refuses */
  async actions(stack: string): Promise<Record<string, string>> {
    const changes = await this.changes(stack, "-refresh=false");
    return Object.fromEntries(changes.map(({ address, change }) => [address, change.actions.join()]));
  }

  private async changes(stack: string, ...options: string[]): Promise<ResourceChangeJson[]> {
    await this.terraform(stack, "plan", "-out=plan", ...options);
    const plan = JSON.parse(await this.terraform(stack, "show", "-json", "plan")) as PlanJson;
    return (plan.resource_changes ?? []).filter(({ change }) => change.actions.join() !== "no-op");
  }

  /** Writes an attribute into the state, where the emulator left it out of its answer. */
  report(stack: string, address: string, attributes: Readonly<Record<string, unknown>>): void {
    const state = this.state(stack);
    const [type, name] = address.split(".");
    const resource = state.resources.find((each) => each.type === type && each.name === name);
    const [instance] = resource?.instances ?? [];
    if (!instance) throw new Error(`No ${address} in the state of ${stack}`);
    Object.assign(instance.attributes, attributes);
    writeFileSync(this.stateFile(stack), JSON.stringify({ ...state, serial: state.serial + 1 }));
  }

  /** Does nothing for a stack of which there is nothing. */
  async destroy(stack: string): Promise<void> {
    if (this.resourceCount(stack) > 0) await this.terraform(stack, "destroy", "-auto-approve");
  }

  /** How many resources the stack's state holds. */
  resourceCount(stack: string): number {
    if (!existsSync(this.stateFile(stack))) return 0;
    return this.state(stack).resources.filter(({ mode }) => mode === "managed").length;
  }

  /** What the provider has called until now, as `type action`. */
  calls(): string[] {
    return loggedCalls(readFileSync(this.logFile, "utf8"));
  }

  remove(): void {
    this.program.remove();
  }

  private async terraform(stack: string, ...args: string[]): Promise<string> {
    const quiet = args[0] === "show" ? [] : ["-no-color", "-input=false"];
    const options = {
      cwd: this.directoryOf(stack),
      env: {
        ...this.emulator.environment,
        CHECKPOINT_DISABLE: "1",
        TF_IN_AUTOMATION: "1",
        TF_LOG_PROVIDER: "DEBUG",
        TF_LOG_PATH: this.logFile,
      },
      maxBuffer: 64 * 1024 * 1024,
    };
    try {
      const [command = "", ...rest] = args;
      return (await run("terraform", [command, ...quiet, ...rest], options)).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`terraform ${args.join(" ")} of ${stack} failed:\n${stdout}\n${stderr}`, {
        cause: error,
      });
    }
  }

  private get logFile(): string {
    return join(this.program.directory, "provider.log");
  }

  private directoryOf(stack: string): string {
    return join(this.program.directory, "cdktf.out/stacks", stack);
  }

  private state(stack: string): StateJson {
    return JSON.parse(readFileSync(this.stateFile(stack), "utf8")) as StateJson;
  }

  /** Where the stacks' relative path leads. */
  private stateFile(stack: string): string {
    return join(this.program.directory, `terraform.${stack}.tfstate`);
  }
}

interface StateJson {
  readonly serial: number;
  readonly resources: readonly {
    readonly mode: "managed" | "data";
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes: Record<string, unknown> }[];
  }[];
}

interface PlanJson {
  readonly resource_changes?: readonly ResourceChangeJson[];
}

interface ResourceChangeJson {
  readonly address: string;
  readonly change: ChangeJson;
}

interface ChangeJson {
  readonly actions: readonly string[];
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

function changedAttributes({ actions, before, after }: ChangeJson): string[] {
  if (!before || !after || actions.join() !== "update") return [`(${actions.join(", ")})`];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
