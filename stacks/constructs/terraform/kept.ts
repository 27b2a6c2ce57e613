import { Op, Token } from "cdktf";

/** Props of every construct whose data cannot be created again. */
export interface DeletableProps {
  /**
   * Let `terraform destroy`, and changes that replace it, delete this with all that it holds. Otherwise a plan that
   * would delete it is refused before anything is touched.
   * @default false
   */
  readonly deletable?: boolean | undefined;
}

/**
 * Refuses plans that would delete a resource, unless it is deletable. Terraform takes no variable there: with a
 * reference, which only modules have, only the resource's own protection remains.
 */
export function keptUnless(deletable: boolean | undefined = false) {
  return deletable === false ? { lifecycle: { preventDestroy: true } } : {};
}

/** The opposite of a flag, which may be a reference. */
export function not(flag: boolean): boolean {
  return Token.isUnresolved(flag) ? (Op.not(flag) as unknown as boolean) : !flag;
}
