import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import fc from "fast-check";
import { jsonDocument } from "../../../stacks/constructs/terraform/json-document";
import { decodeJson } from "../../helpers/synth";

function rendered(value: unknown): string {
  const stack = new TerraformStack(Testing.app(), "stack");
  new TerraformOutput(stack, "document", { value: jsonDocument(value) });
  return JSON.parse(Testing.synth(stack)).output.document.value;
}

describe("a JSON document", () => {
  it("keeps quotes, backslashes and what HCL would interpolate", () => {
    const text = '"climate change" \\ \t\r\n %{if x} \u0024{y} 天気 👍';
    expect(rendered({ text })).toContain('\\"climate change\\" \\\\ \\t\\r\\n %%{if x} $\u0024{y} 天気 👍');
  });

  it("means the same after rendering, whatever text it holds", () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('"', "\\", "\u0024{", "%{", "\n", "a", "=") }),
    );
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 5 }), (list) => {
        expect(decodeJson(rendered({ list }))).toEqual({ list });
      }),
    );
  });

  it("leaves out what is undefined", () => {
    expect(decodeJson(rendered({ kept: 1, gone: undefined }))).toEqual({ kept: 1 });
  });
});
