import { TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import type { Bound } from "../constructs/checks/bound";
import { type BoundName, bounds } from "../constructs/checks/bounds";
import { boundValidation } from "./bound-validation";

/** One input of a module, beside its type. */
export interface InputProps<Value> {
  /** One sentence for the README and for `terraform-docs`. */
  readonly description: string;
  /** @default - the caller must say */
  readonly default?: Value;
  /**
   * Row of the table of bounds that becomes its validation.
   * @default - anything of its type goes
   */
  readonly bound?: BoundName;
}

interface TypedInput extends InputProps<unknown> {
  readonly type: "string" | "number" | "bool" | "list(string)";
}

/**
 * Declares a module's variables, and hands each out as a value that constructs take: a reference in the right type's
 * clothes. Null is refused, so that a default is a default.
 */
export class ModuleInputs {
  constructor(private readonly scope: Construct) {}

  string<Value extends string = string>(name: string, props: InputProps<Value>): Value {
    return this.variable(name, { ...props, type: "string" }).stringValue as Value;
  }

  number(name: string, props: InputProps<number>): number {
    return this.variable(name, { ...props, type: "number" }).numberValue;
  }

  /** Constructs only hand it on: nothing may be decided by it. */
  boolean(name: string, props: InputProps<boolean>): boolean {
    return this.variable(name, { ...props, type: "bool" }).booleanValue as unknown as boolean;
  }

  strings(name: string, props: InputProps<readonly string[]>): string[] {
    return this.variable(name, { ...props, type: "list(string)" }).listValue;
  }

  private variable(name: string, { bound, ...props }: TypedInput): TerraformVariable {
    const row: Bound | undefined = bound && bounds[bound];
    return new TerraformVariable(this.scope, name, {
      ...props,
      nullable: false,
      ...(row ? { validation: [boundValidation(name, row)] } : {}),
    });
  }
}
