import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatLine } from "../src/format-line";
import { unreadableLine } from "../src/unreadable";

const document = readFileSync(join(__dirname, "../../docs/transform.md"), "utf8");
const examples = [...document.matchAll(/```json\n(.*?)```/gs)].map(([, json]) => JSON.parse(json ?? ""));

describe("the examples of docs/transform.md", () => {
  const [line, added, wrapped] = examples;

  it("show what is added to a line", () => {
    const formatted = formatLine(Buffer.from(JSON.stringify(line)))?.toString() ?? "";
    expect(JSON.parse(formatted)).toEqual({ ...line, ...added });
  });

  it("show a wrapped line", () => {
    const raw = Buffer.from(wrapped.ingestion.dead_letter.raw_base64, "base64");
    const arrivalMs = Date.parse(wrapped.ingestion.received_at);
    expect(JSON.parse(unreadableLine(raw, arrivalMs))).toEqual(wrapped);
  });
});
