import type { IResolvable, IResolveContext } from "cdktf";

/**
 * An expression that may stand inside another one. CDKTF 0.21 resolves text with references in two steps, and takes the
 * result of the first for an escape sequence where the second happens in a function's argument: it warns of it. Here
 * both steps are taken before the function sees the text.
 */
export function nested(expression: unknown): IResolvable {
  return {
    creationStack: [],
    resolve(context: IResolveContext): unknown {
      const { warnEscapes = false } = context;
      context.warnEscapes = false;
      const text = context.resolve(expression);
      context.warnEscapes = warnEscapes;
      return text;
    },
    toString: () => String(expression),
  };
}
