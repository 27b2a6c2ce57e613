import { type Synthesized, synthesize } from "../helpers/synth";
import { everyField } from "./every-field";
import { type NastyConfig, withNastyTexts } from "./text-fields";

const known = new Set<string>();

/** Configurations with nasty texts: each place once, in the first configuration that has it. */
export const nasty: readonly NastyConfig[] = everyField
  .map((config) => {
    const found = withNastyTexts(config, known);
    for (const { place } of found.texts) known.add(place);
    return found;
  })
  .filter(({ texts }) => texts.length > 0);

/** Stacks of the configuration in which one of its nasty texts stands: the others have nothing to show. */
export function stacksWithTexts({ config, texts }: NastyConfig): Synthesized[] {
  return Object.values(synthesize(config)).filter(({ json }) =>
    texts.some(({ marker }) => json.includes(marker)),
  );
}
