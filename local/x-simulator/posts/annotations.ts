import type { UrlEntity } from "./text-builder";

/** Links as X enriches them. */
export const LINKS: readonly Omit<UrlEntity, "start" | "end">[] = [
  {
    url: "https://t.co/a1B2c3D4e5",
    expanded_url: "https://example.com/reports/2026/trains?utm_source=x&utm_medium=social#tables",
    display_url: "example.com/reports/2026/t…",
    status: 200,
    title: "Annual report on regional trains",
    description: "How many ran on time, how many did not, and what the stations looked like in winter.",
    unwound_url: "https://example.com/reports/2026/trains?utm_source=x&utm_medium=social#tables",
  },
  {
    url: "https://t.co/Z9y8X7w6V5",
    expanded_url: "https://example.org/rezepte/apfelkuchen",
    display_url: "example.org/rezepte/apfelk…",
    status: 200,
    title: "Apfelkuchen wie früher",
    description: "Mit Zimt, Nüssen und viel Geduld.",
    unwound_url: "https://example.org/rezepte/apfelkuchen",
  },
  {
    url: "https://t.co/Q1w2E3r4T5",
    expanded_url: "https://example.net/写真/夕焼け",
    display_url: "example.net/写真/夕焼け",
  },
];

function annotation(domain: readonly [string, string, string], entity: readonly [string, string]): object {
  return {
    domain: { id: domain[0], name: domain[1], description: domain[2] },
    entity: { id: entity[0], name: entity[1] },
  };
}

/** X's guesses at a post's topics; a post shows the list from some place on. */
export const CONTEXT_ANNOTATIONS: readonly object[] = [
  annotation(
    ["46", "Business Taxonomy", "Categories within Brand Verticals"],
    ["1557697333571112960", "Technology Business"],
  ),
  annotation(
    ["30", "Entities [Entity Service]", "Entity Service top level domain"],
    ["848920371311001600", "Technology"],
  ),
  annotation(
    ["66", "Interests and Hobbies Category", "A grouping of interests and hobbies entities"],
    ["847888632711061504", "Gardening"],
  ),
  annotation(
    ["131", "Unified Twitter Taxonomy", "A taxonomy of user interests."],
    ["1001503516555337728", "Travel"],
  ),
  annotation(
    ["65", "Interests and Hobbies Vertical", "Top level interests and hobbies groupings"],
    ["781974596148793345", "Food"],
  ),
  annotation(
    ["45", "Brand Vertical", "Top level entities that describe a brand's industry"],
    ["781974596157181956", "Railways 🚆"],
  ),
];
