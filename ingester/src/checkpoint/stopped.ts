import { EXIT, IngesterError } from "../errors";

/** The ingester was told to stop while it waited for its checkpoint. Nothing was bought meanwhile: a clean stop. */
export class StoppedError extends IngesterError {
  override readonly exitCode = EXIT.done;
  override readonly name = "StoppedError";
}
