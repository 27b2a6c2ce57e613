import { Fn, forExpression, type IResolvable, ref } from "cdktf";
import { escapeLiterals } from "./json-document";
import { nested } from "./nested";
import { isGiven } from "./optional";

/** An item of a list: present once, or as often as Terraform decides. */
export interface Item<Value = unknown> {
  readonly item: Value;
  /**
   * Address of a map: the list contains the item for each entry, to which the item refers.
   * @default - the list contains it once
   */
  readonly forEach?: string | undefined;
  /**
   * The list contains the item only with this optional value.
   * @default - it always does
   */
  readonly onlyWith?: unknown;
}

/** The list of the items, for a JSON document; an expression where Terraform decides which there are. */
export function listOf<Value>(items: readonly Item<Value>[]): readonly Value[] | IResolvable {
  if (items.every(isFixed)) return items.map(({ item }) => item);
  return nested(Fn.concat(parts(items.map((each) => ({ ...each, item: escapeLiterals(each.item) })))));
}

/** Consecutive items that are always present form one list. */
function parts(items: readonly Item[]): unknown[] {
  const lists: unknown[] = [];
  let fixed: unknown[] | undefined;
  for (const each of items) {
    if (!isFixed(each)) {
      lists.push(decided(each));
      fixed = undefined;
    } else if (fixed === undefined) {
      fixed = [each.item];
      lists.push(fixed);
    } else fixed.push(each.item);
  }
  return lists;
}

function isFixed({ forEach, onlyWith }: Item): boolean {
  return forEach === undefined && onlyWith === undefined;
}

function decided({ item, forEach, onlyWith }: Item): IResolvable {
  if (forEach !== undefined) return nested(forExpression(ref(forEach), quoted(item)));
  return nested(Fn.conditional(isGiven(onlyWith), [item], []));
}

/** CDKTF writes no quotes around text that is the value of a `for`. */
function quoted(item: unknown): unknown {
  return typeof item === "string" ? nested(Fn.tostring(item)) : item;
}
