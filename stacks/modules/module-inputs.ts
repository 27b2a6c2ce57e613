import { TerraformLocal, TerraformVariable, type TerraformVariableValidationConfig } from "cdktf";
import type { Construct } from "constructs";
import type { Bound } from "../constructs/checks/bound";
import { type BoundName, bounds } from "../constructs/checks/bounds";
import { optional } from "../constructs/terraform/optional";
import { boundValidation, itemValidation, tagValidation } from "./bound-validation";

/** One input of a module, beside its type. */
export interface InputProps<Value> {
  /** One sentence for the README and for `terraform-docs`. */
  readonly description: string;
  /** @default - the caller must say */
  readonly default?: Value;
  /**
   * Row of the table of bounds that becomes its validation; for lists, of each item.
   * @default - any value of its type is allowed
   */
  readonly bound?: BoundName;
  /**
   * Further validations, about two variables.
   * @default - none
   */
  readonly pairs?: readonly TerraformVariableValidationConfig[];
}

type OptionalProps = Omit<InputProps<never>, "default">;

interface TypedInput extends InputProps<unknown> {
  readonly type: string;
  /** Null, the default, is "none". */
  readonly nullable?: boolean;
}

/**
 * Declares a module's variables, and returns each as a reference in the type that constructs accept. Null is refused,
 * so that defaults apply; only optional variables accept null, which is their default.
 */
export class ModuleInputs {
  constructor(private readonly scope: Construct) {}

  string<Value extends string = string>(name: string, props: InputProps<Value>): Value {
    return this.variable(name, { ...props, type: "string" }).stringValue as Value;
  }

  number(name: string, props: InputProps<number>): number {
    return this.variable(name, { ...props, type: "number" }).numberValue;
  }

  /** Constructs can pass it on, but cannot decide by it. */
  boolean(name: string, props: InputProps<boolean>): boolean {
    return this.variable(name, { ...props, type: "bool" }).booleanValue as unknown as boolean;
  }

  strings(name: string, props: InputProps<readonly string[]>): string[] {
    return this.variable(name, { ...props, type: "list(string)" }).listValue;
  }

  /** Null unless given: blocks that refer to it are then left out. */
  optionalString(name: string, props: OptionalProps): string {
    const { stringValue } = this.variable(name, { ...props, type: "string", nullable: true });
    return optional(stringValue, `var.${name}`);
  }

  optionalNumber(name: string, props: OptionalProps): number {
    const { numberValue } = this.variable(name, { ...props, type: "number", nullable: true });
    return optional(numberValue, `var.${name}`);
  }

  /** Null unless given. @param type of the list, in Terraform's words */
  optionalList<Item>(name: string, type: string, props: Omit<OptionalProps, "bound">): readonly Item[] {
    const { value } = this.variable(name, { ...props, type, nullable: true });
    return optional(value as readonly Item[], `var.${name}`);
  }

  /** A value that several blocks share. @param expression Terraform's, without braces */
  local(name: string, expression: string): TerraformLocal {
    return new TerraformLocal(this.scope, name, `\${${expression}}`);
  }

  /** Tags of every resource that supports tags. @returns the reference */
  tags(): string {
    const { fqn } = this.variable("tags", {
      type: "map(string)",
      description: "Tags of every resource, beside the provider's default tags.",
      default: {},
      pairs: [tagValidation("tags")],
    });
    return fqn;
  }

  private variable(
    name: string,
    { bound, pairs = [], nullable = false, ...props }: TypedInput,
  ): TerraformVariable {
    const row: Bound | undefined = bound && bounds[bound];
    const own = props.type.startsWith("list") ? itemValidation : boundValidation;
    const validation = [...(row ? [own(name, row, nullable)] : []), ...pairs];
    return new TerraformVariable(this.scope, name, {
      ...props,
      nullable,
      ...(validation.length > 0 ? { validation } : {}),
    });
  }
}
