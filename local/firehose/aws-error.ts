/** An error as AWS's JSON 1.1 protocol carries it: a type name, a message, an HTTP status. */
export class AwsError extends Error {
  override readonly name = "AwsError";

  constructor(
    /** For example `ResourceNotFoundException`; what the SDK turns into the error's name. */
    readonly type: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }

  /** The response body. */
  toBody(): { readonly __type: string; readonly message: string } {
    return { __type: this.type, message: this.message };
  }
}

/** A parameter breaks one of the API model's constraints. */
export function validationError(at: string, constraint: string): AwsError {
  return new AwsError(
    "ValidationException",
    `1 validation error detected: Value at '${at}' failed to satisfy constraint: ${constraint}`,
  );
}
