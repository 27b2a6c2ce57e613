/** Where t.co links lead, by link. */
export type Links = ReadonlyMap<string, string>;

/** X escapes these three in `text`: docs.x.com, "Post payload". */
const ESCAPES: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/**
 * The text as a person reads it: X's escapes undone, t.co links replaced by where they lead, on one line. Letters,
 * emoji and the order of right-to-left text stay as they are.
 */
export function cleanText(text: string, links: Links): string {
  return text
    .replace(/&(?:amp|lt|gt);/g, (escaped) => ESCAPES[escaped] ?? escaped)
    .replace(/https?:\/\/t\.co\/\w+/g, (link) => links.get(link) ?? link)
    .replace(/\s+/g, " ")
    .trim();
}
