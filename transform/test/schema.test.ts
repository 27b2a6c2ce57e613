import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { transform } from "../src/transform";
import { deliveredLines, eventOf, postLine } from "./helpers/records";

const schema = JSON.parse(readFileSync(join(__dirname, "../../schema/post-line.schema.json"), "utf8"));
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
addFormats(ajv);
const validate = ajv.compile(schema);

function problemsIn(record: string) {
  const { response } = transform(eventOf(record));
  return deliveredLines(response.records[0]).flatMap((line) =>
    validate(line) ? [] : (validate.errors ?? []),
  );
}

describe("the schema of a line", () => {
  it("accepts formatted lines", () => {
    const entities = { hashtags: [{ tag: "Cats", start: 0, end: 5 }] };
    expect(problemsIn(postLine({ entities }))).toEqual([]);
  });

  it("accepts wrapped lines", () => {
    expect(problemsIn(`${postLine()}\u0000 oops\n`)).toEqual([]);
  });

  it("knows every member that the transform adds", () => {
    const { response } = transform(eventOf(`${postLine()}oops\n`));
    const [post, wrapped] = deliveredLines(response.records[0]) as [
      { formatted: object },
      { ingestion: { dead_letter: object } },
    ];
    const { formatted, ingestion } = schema.properties;
    expect(Object.keys(formatted.properties)).toEqual(Object.keys(post.formatted));
    expect(Object.keys(ingestion.properties.dead_letter.properties).sort()).toEqual(
      Object.keys(wrapped.ingestion.dead_letter).sort(),
    );
  });
});
