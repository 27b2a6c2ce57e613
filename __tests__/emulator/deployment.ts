import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { App } from "cdktf";
import { DataStack } from "../../stacks/data-stack";
import { checkTree } from "../../stacks/environment/check-environments";
import type { EnvironmentConfig } from "../../stacks/environment/environment";
import { namesOf } from "../../stacks/environment/naming";
import { IngesterStack } from "../../stacks/ingester-stack";
import { RegistryStack } from "../../stacks/registry-stack";
import { init } from "../helpers/terraform";
import { loggedCalls } from "../review/calls";
import type { Emulator } from "./emulator";

const run = promisify(execFile);

/** Where stacks lie that are applied; others are only planned, from the same state. */
const DEPLOYED = "cdktf.out";
/** Commands that reach the emulator are slow for its answers, not for this machine: as many may run as it has cores. */
const AT_ONCE = 2;

/** Synthesized stacks in a directory, deployed by plain Terraform; their states lie there, too. */
export class Deployment {
  private readonly queues: Promise<unknown>[] = Array.from({ length: AT_ONCE }, () => Promise.resolve());
  private started = 0;

  constructor(
    private readonly emulator: Emulator,
    private readonly directory = mkdtempSync(join(tmpdir(), "deployment-test-")),
  ) {}

  /**
   * Writes the stacks of an environment, as `main.ts` does, without the program around it.
   * @param folder other than the default, for stacks that are only planned
   */
  synth(config: EnvironmentConfig, folder = DEPLOYED): void {
    const app = new App({ outdir: join(this.directory, folder) });
    const names = namesOf(config);
    for (const Stack of [RegistryStack, DataStack, IngesterStack]) new Stack(app, names, config);
    checkTree(app);
    app.synth();
  }

  /**
   * What a plan of a changed environment would do, from the states as they are: actions by address. Runs beside others,
   * in the order of calls. @throws what Terraform refuses
   */
  planned(config: EnvironmentConfig, stack: string): Promise<Record<string, string>> {
    const folder = `change-${this.started}`;
    this.synth(config, folder);
    const queue = this.started++ % AT_ONCE;
    const result = (this.queues[queue] ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => this.planIn(folder, stack));
    this.queues[queue] = result;
    return result;
  }

  private async planIn(folder: string, stack: string): Promise<Record<string, string>> {
    const [planned, deployed] = [this.directoryOf(stack, folder), this.directoryOf(stack)];
    if (existsSync(deployed)) {
      for (const name of [".terraform", ".terraform.lock.hcl"])
        symlinkSync(join(deployed, name), join(planned, name));
    } else {
      await init(planned);
    }
    return actionsIn(await this.terraform({ stack, folder }, "plan", ...NO_CALLS));
  }

  async apply(stack: string): Promise<void> {
    await init(this.directoryOf(stack));
    await this.terraform({ stack }, "apply", "-auto-approve");
  }

  /** What a plan would still change: `address attribute`, one for each difference. */
  async differences(stack: string): Promise<string[]> {
    return (await this.changes(stack)).flatMap(({ address, change }) =>
      changedAttributes(change).map((name) => `${address} ${name}`),
    );
  }

  /** What a plan would do from the state as it was applied: actions by address. @throws what Terraform refuses */
  async actions(stack: string): Promise<Record<string, string>> {
    return actionsIn(await this.terraform({ stack }, "plan", ...NO_CALLS));
  }

  private async changes(stack: string): Promise<ResourceChangeJson[]> {
    await this.terraform({ stack }, "plan", "-out=plan");
    const plan = JSON.parse(await this.terraform({ stack }, "show", "-json", "plan")) as PlanJson;
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
    if (this.resourceCount(stack) > 0)
      await this.terraform({ stack }, "destroy", "-auto-approve", "-refresh=false");
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
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async terraform({ stack, folder = DEPLOYED }: Target, ...args: string[]): Promise<string> {
    // A plan from the state makes no calls, and a log of the provider slows everything down.
    const log = args.includes("apply") ? { TF_LOG_PROVIDER: "DEBUG", TF_LOG_PATH: this.logFile } : {};
    const quiet = args[0] === "show" ? [] : ["-no-color", "-input=false"];
    const options = {
      cwd: this.directoryOf(stack, folder),
      env: {
        ...this.emulator.environment,
        CHECKPOINT_DISABLE: "1",
        TF_IN_AUTOMATION: "1",
        ...log,
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
    return join(this.directory, "provider.log");
  }

  private directoryOf(stack: string, folder = DEPLOYED): string {
    return join(this.directory, folder, "stacks", stack);
  }

  private state(stack: string): StateJson {
    return JSON.parse(readFileSync(this.stateFile(stack), "utf8")) as StateJson;
  }

  /** Where the stacks' relative path leads. */
  private stateFile(stack: string): string {
    return join(this.directory, `terraform.${stack}.tfstate`);
  }
}

/** Where a command runs. */
interface Target {
  readonly stack: string;
  readonly folder?: string;
}

/** Plans from the state alone; several may look at one state. */
const NO_CALLS = ["-refresh=false", "-lock=false"];

/** `  # type.id will be ...`, perhaps with a reason below, then a symbol before the resource. */
const CHANGE = /^ {2}# (\S+) .*\n(?: {2}# .*\n)*([ +\-/~]{3}) resource "/gm;
const ACTIONS: Readonly<Record<string, string>> = {
  "+": "create",
  "~": "update",
  "-": "delete",
  "-/+": "delete,create",
  "+/-": "create,delete",
};

/** Actions by address, from a plan as text: `show -json` takes as long as the plan itself. */
function actionsIn(plan: string): Record<string, string> {
  const found = [...plan.matchAll(CHANGE)].map(([, address = "", symbol = ""]) => [
    address,
    ACTIONS[symbol.trim()] ?? symbol,
  ]);
  return Object.fromEntries(found);
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
