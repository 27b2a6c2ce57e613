import { type App, Testing } from "cdktf";
import { BaseStack } from "../../stacks/base-stack";
import { environmentWith } from "./environment";
import { Synthesized } from "./synth";

/** A stack with nothing in it, for tests of single constructs. */
export class ConstructStack extends BaseStack {
  constructor(app: App = Testing.app()) {
    super(app, "stack", environmentWith());
  }

  get synthesized(): Synthesized {
    return new Synthesized("stack", this);
  }
}
