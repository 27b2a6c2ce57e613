import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pinImage } from "../../scripts/image/pin";

const tag = "0.1.0-arm64-3f9c0a1b2c3d";
const pin = (source: string, current = "0.1.0") =>
  pinImage({ file: "environments/dev.ts", source, current, tag });

describe("pinImage", () => {
  it("changes the tag and nothing else", () => {
    const before = '  worker: { image: "0.1.0", cpu: 256 }, // version "0.1.0"\n';

    expect(pin(before)).toBe(before.replace('image: "0.1.0"', `image: "${tag}"`));
  });

  it("replaces a tag it pinned before", () => {
    const once = pin("image: '0.1.0'");

    expect(pinImage({ file: "f", source: once, current: tag, tag: "next" })).toBe("image: 'next'");
  });

  it("takes a dot for a dot", () => {
    expect(() => pin('image: "0x1x0"')).toThrow("0 times");
  });

  it.each([
    ["is computed", "image: imageTag"],
    ["stands there twice", 'image: "0.1.0", image: "0.1.0"'],
  ])("leaves a file alone whose image %s, and says what to do", (_, source) => {
    expect(() => pin(source)).toThrow(`Set worker.image to "${tag}" by hand.`);
  });

  it.each(["dev", "prod", "local"])("works on environments/%s.ts as shipped", (name) => {
    const source = readFileSync(join(__dirname, `../../environments/${name}.ts`), "utf8");
    const current = /\bimage: "([^"]+)"/.exec(source)?.[1] ?? "";

    expect(pin(source, current)).toContain(`image: "${tag}"`);
  });
});
