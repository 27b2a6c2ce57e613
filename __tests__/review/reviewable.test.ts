import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import fc from "fast-check";
import { reviewable } from "../../scripts/review/reviewable";
import { jsonDocument } from "../../stacks/constructs/terraform/json-document";
import { ConstructStack } from "../helpers/construct-stack";

/** A document as a stack would write it. */
function expression(value: unknown): unknown {
  const stack = new ConstructStack();
  new SnsTopicPolicy(stack, "policy", { arn: "arn", policy: jsonDocument(value) });
  return stack.synthesized.one("aws_sns_topic_policy").policy;
}

describe("the reviewable form", () => {
  it("leaves metadata out and sorts keys", () => {
    const text = reviewable({ "//": { metadata: {} }, b: { "//": 1, d: 1, c: [{ z: 1, y: 2 }] }, a: 1 });
    expect(text).toBe(`${JSON.stringify({ a: 1, b: { c: [{ y: 2, z: 1 }], d: 1 } }, undefined, 2)}\n`);
  });

  it("opens documents of any text", () => {
    const documents = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.oneof(fc.string(), fc.integer()), {
      minKeys: 1,
    });
    const plain = (document: object) => !/[$%]/.test(JSON.stringify(document));
    fc.assert(
      fc.property(documents.filter(plain), (document) => {
        const { a } = JSON.parse(reviewable({ a: expression({ " = ": document }) }));
        expect(a.jsonencode).toEqual({ " = ": document });
      }),
    );
  });

  it("leaves an expression with references as it is", () => {
    const text = `\${jsonencode({"arn" = aws_sqs_queue.q.arn})}`;
    expect(JSON.parse(reviewable({ a: text }))).toEqual({ a: text });
  });
});
