import { Fn, type IResolvable, ref, TerraformResource, Token } from "cdktf";
import type { Construct } from "constructs";
import { nested } from "./nested";

/**
 * Terraform addresses of references that may be null, by their values. Only references of modules may be null.
 */
const addresses = new Map<unknown, string>();

/** Declares that a reference may be null. @param address of the variable, such as `var.kms_key_arn` */
export function optional<Value>(reference: Value, address: string): Value {
  addresses.set(reference, address);
  return reference;
}

/** Whether Terraform decides if there is such a value. */
export function isOptional(value: unknown): boolean {
  return addresses.has(value);
}

/** Chooses an attribute by whether a value is given; an expression where Terraform decides that. */
export function withOrWithout<Result extends string | boolean | number>(
  value: unknown,
  given: Result,
  absent: Result,
): Result {
  if (value !== undefined && isOptional(value)) return chosen(isGiven(value), given, absent);
  return value === undefined ? absent : given;
}

/** Terraform's condition that an optional value is given. */
export function isGiven(value: unknown): IResolvable {
  return ref(`${addresses.get(value)} != null`);
}

/** One of two values by a flag, true by default, which may be a reference. */
export function either<Result extends string | number>(
  flag: boolean | undefined = true,
  yes: Result,
  no: Result,
): Result {
  if (!Token.isUnresolved(flag)) return flag ? yes : no;
  return chosen(flag, yes, no);
}

function chosen<Result extends string | boolean | number>(
  condition: unknown,
  yes: Result,
  no: Result,
): Result {
  const expression = nested(Fn.conditional(condition as IResolvable, yes, no));
  return (typeof yes === "number" ? Token.asNumber(expression) : Token.asString(expression)) as Result;
}

/** Creates a construct's resources only where an optional value is given, or only where it is not. */
export function createdWith(construct: Construct, value: unknown, when: "given" | "absent"): void {
  const address = addresses.get(value);
  if (address === undefined) return;
  const [absent, given] = when === "given" ? [0, 1] : [1, 0];
  for (const resource of construct.node.findAll()) {
    if (!(resource instanceof TerraformResource)) continue;
    resource.addOverride("count", `\${${address} == null ? ${absent} : ${given}}`);
  }
}
