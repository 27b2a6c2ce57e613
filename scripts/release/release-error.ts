/** Something that a release needs went wrong; the message is for people. */
export class ReleaseError extends Error {
  override readonly name = "ReleaseError";
}
