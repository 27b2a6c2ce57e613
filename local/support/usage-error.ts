/** A user's mistake: its message is the whole story, so that it is printed without a stack trace. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
