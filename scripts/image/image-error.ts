/** Something between this machine and the registry that a person can put right; shown without a stack trace. */
export class ImageError extends Error {
  override readonly name = "ImageError";
}
