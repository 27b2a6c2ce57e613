import { TerraformOutput, TerraformStack, TerraformVariable, Testing } from "cdktf";
import fc from "fast-check";
import { literalText } from "../../../stacks/constructs/terraform/literal-text";
import { plainText } from "../../helpers/synth";

function rendered(text: string): string {
  const stack = new TerraformStack(Testing.app(), "stack");
  new TerraformOutput(stack, "text", { value: literalText(text) });
  return JSON.parse(Testing.synth(stack)).output.text.value;
}

describe("a literal text", () => {
  it("means the same after rendering, whatever signs it holds", () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('"', "\\", "\u0024{", "\u0024", "%{", "%", "\n", "a") }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(plainText(rendered(text))).toBe(text);
      }),
    );
  });

  it("stays as it is where no sign is special", () => {
    expect(rendered('tweet_stream/"climate change" lang:en')).toBe('tweet_stream/"climate change" lang:en');
  });

  it("has its dollars and percent signs doubled where Terraform would look for an expression", () => {
    expect(rendered("\u0024{HOME} %{if}")).toBe("$\u0024{HOME} %%{if}");
  });

  it("is an expression without references where HCL would need other escapes", () => {
    expect(rendered("\u0024{HOME} %{if} \\")).toBe('\u0024{tostring("$\u0024{HOME} %%{if} \\\\")}');
  });

  it("may be a reference", () => {
    const stack = new TerraformStack(Testing.app(), "stack");
    const { stringValue } = new TerraformVariable(stack, "text", {});
    expect(literalText(stringValue)).toBe(stringValue);
  });
});
