/** Posts as X sends them, in both of its vocabularies. */
import type { Includes, Post, PostLine, Provenance } from "../../src/posts/post";

export const PROVENANCE: Provenance = {
  source: "search/recent",
  query: '(coffee OR "café") lang:en',
  received_at: "2026-11-23T12:00:00.000Z",
};

/** The smallest post X sends. */
export const PLAIN: Post = {
  id: "1992500000000000001",
  text: "Good morning",
  edit_history_post_ids: ["1992500000000000001"],
};

export const EMOJI: Post = {
  id: "1992500000000000002",
  text: 'Ship it 🚀👩‍💻🇨🇭 – naïve café, 日本語も\n\u2028second line "quoted" \\ back\u0000slash',
  lang: "en",
  created_at: "2026-11-23T11:59:58.000Z",
};

export const RIGHT_TO_LEFT: Post = {
  id: "1992500000000000003",
  text: "שלום עולם \u202Bمرحبا\u202C 👋",
  lang: "he",
};

/** Half of a surrogate pair: X cuts `text` by characters of its own. */
export const LONE_SURROGATE: Post = { id: "1992500000000000004", text: "cut here \uD83D" };

const NOTE_TEXT = `${"A long thought. ".repeat(40)}The end.`;

export const NOTE: Post = {
  id: "1992500000000000005",
  text: NOTE_TEXT.slice(0, 280),
  note_post: { text: NOTE_TEXT, entities: { hashtags: [{ start: 2, end: 6, tag: "long" }] } },
};

/** The same kind of post in the words of the stream, the prose docs and the SDKs. */
export const TWEET_WORDS: Post = {
  id: "1992500000000000006",
  text: NOTE_TEXT.slice(0, 280),
  note_tweet: { text: NOTE_TEXT },
  referenced_tweets: [{ type: "quoted", id: "1992500000000000001" }],
  edit_history_tweet_ids: ["1992500000000000005", "1992500000000000006"],
  public_metrics: {
    retweet_count: 3,
    reply_count: 1,
    like_count: 20,
    quote_count: 0,
    bookmark_count: 2,
    impression_count: 900,
  },
};

/** A post with every field that X documents, and one that it does not. */
export const COMPLETE: Post = {
  id: "1992500000000000007",
  text: "Look at this $TSLA #chart @anna_lee https://t.co/abc",
  created_at: "2026-11-23T11:59:59.000Z",
  author_id: "2244994945",
  username: "somewriter",
  lang: "en",
  conversation_id: "1992500000000000007",
  in_reply_to_user_id: "783214",
  referenced_posts: [
    { type: "quoted", id: "1992500000000000001" },
    { type: "replied_to", id: "1992500000000000002" },
  ],
  edit_history_post_ids: ["1992500000000000006", "1992500000000000007"],
  edit_controls: { is_edit_eligible: true, edits_remaining: 4, editable_until: "2026-11-23T12:59:59.000Z" },
  entities: {
    cashtags: [{ start: 13, end: 18, tag: "TSLA" }],
    hashtags: [{ start: 19, end: 25, tag: "chart" }],
    mentions: [{ start: 26, end: 35, username: "anna_lee", id: "783214" }],
    urls: [
      {
        start: 36,
        end: 52,
        url: "https://t.co/abc",
        expanded_url: "https://example.com/a",
        display_url: "example.com/a",
        unwound_url: "https://example.com/a?b",
        title: "A chart",
        description: "Of something",
        status: 200,
        media_key: null,
        images: [{ url: "https://pbs.twimg.com/news_img/1", width: 1200, height: 630 }],
      },
    ],
  },
  attachments: { media_keys: ["3_1"], poll_ids: null, media_source_tweet_id: ["1992500000000000001"] },
  public_metrics: {
    repost_count: 3,
    reply_count: 1,
    like_count: 20,
    quote_count: 0,
    bookmark_count: 2,
    impression_count: 900,
  },
  context_annotations: [
    { domain: { id: "46", name: "Business", description: null }, entity: { id: "155", name: "Markets" } },
  ],
  geo: { place_id: "01a9a39529b27f36", coordinates: { type: "Point", coordinates: [8.54, 47.37] } },
  possibly_sensitive: false,
  reply_settings: "everyone",
  source: "X Web App",
  display_text_range: [0, 52],
  withheld: { copyright: false, country_codes: ["DE"], scope: "post" },
  community_id: "1493446837214187523",
  card_uri: "card://1",
  article: { title: "An article", cover_media: "3_2" },
  article_title: { title: "An article" },
  media_metadata: [{ media_key: "3_1", alt_text: "a chart", title: null, description: null }],
  matched_media_notes: [{ note_id: "1", match_status: "matched" }],
  note_request_suggestions: [{ suggestion_id: "1", suggestion: "context", source_link: null }],
  suggested_source_links: ["https://example.com/source"],
  suggested_source_links_with_counts: [{ url: "https://example.com/source", count: 2 }],
  note_post: { text: NOTE_TEXT, entities: null },
  paid_partnership: false,
  scopes: { followers: false },
  non_public_metrics: { user_profile_clicks: 1 },
  organic_metrics: { like_count: 20 },
  promoted_metrics: { like_count: 0 },
};

/** Everything that COMPLETE refers to. */
export const INCLUDES: Includes = {
  posts: [PLAIN, { id: "1992500000000000002", author_id: "783214", text: "referenced" }],
  users: [
    {
      id: "2244994945",
      name: "Some Writer",
      username: "somewriter",
      created_at: "2013-12-14T04:35:55.000Z",
      verified: true,
      public_metrics: { followers_count: 1, following_count: 2, post_count: 3, listed_count: 4 },
      entities: { url: { urls: [{ start: 0, end: 23, url: "https://t.co/x" }] } },
    },
    { id: "783214", name: "Anna Lee", username: "anna_lee" },
  ],
  media: [{ media_key: "3_1", type: "photo", width: 1200, height: 630, url: "https://pbs.twimg.com/1.jpg" }],
  places: [{ id: "01a9a39529b27f36", full_name: "Zürich", geo: { type: "Feature", bbox: [8, 47, 9, 48] } }],
};

/** Every kind of post above, under the name of what is special about it. */
export const POSTS = { PLAIN, EMOJI, RIGHT_TO_LEFT, LONE_SURROGATE, NOTE, TWEET_WORDS, COMPLETE };

export function lineOf(post: Post, overrides: Partial<PostLine> = {}): PostLine {
  return { post, includes: undefined, provenance: PROVENANCE, ...overrides };
}

/** A page of lines with ascending ids and texts of about `textBytes` bytes. */
export function pageOf(count: number, textBytes = 1_000): readonly PostLine[] {
  return Array.from({ length: count }, (_, index) =>
    lineOf({ id: `${1_000 + index}`, text: "x".repeat(textBytes) }),
  );
}
