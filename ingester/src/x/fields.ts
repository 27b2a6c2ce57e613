/**
 * The fields that X is asked for, under X's new or old names. X is moving from "tweet" to "post" (2026-08): the search
 * endpoints of its OpenAPI accept `post.fields`, older deployments `tweet.fields`. A dialect is one set of names. When X
 * refuses a dialect with a 400 that names the parameter, which is not billed, the next dialect is tried.
 */

/** Fields of the OpenAPI's Post that an app-only token may see: everything but the author's private metrics. */
const POST_FIELDS = [
  "article",
  "article_title",
  "attachments",
  "card_uri",
  "community_id",
  "context_annotations",
  "conversation_id",
  "created_at",
  "display_text_range",
  "edit_controls",
  "entities",
  "geo",
  "id",
  "lang",
  "matched_media_notes",
  "media_metadata",
  "note_post",
  "note_request_suggestions",
  "paid_partnership",
  "possibly_sensitive",
  "public_metrics",
  "reply_settings",
  "scopes",
  "source",
  "suggested_source_links",
  "suggested_source_links_with_counts",
  "text",
  "withheld",
] as const;

/**
 * Author and references of a post: properties of the OpenAPI's Post that its enumeration of `post.fields` does not list,
 * because expansions add them, and X may bill expansions. The first dialects ask for them as fields, because a post
 * without its author is of little use. A server that accepts only the enumeration refuses these dialects, at no cost.
 */
export const RELATION_FIELDS = [
  "author_id",
  "edit_history_post_ids",
  "in_reply_to_user_id",
  "referenced_posts",
  "username",
] as const;

/** Names that neither vocabulary lists. */
export function unknownFields(fields: readonly string[]): readonly string[] {
  const known = new Set<string>([
    ...POST_FIELDS,
    ...RELATION_FIELDS,
    ...Object.values(TWEET_NAMES),
    ...PRIVATE_FIELDS,
  ]);
  return fields.filter((field) => !known.has(field));
}

/** The author's private metrics: X returns them only for the author's own token. */
const PRIVATE_FIELDS = ["non_public_metrics", "organic_metrics", "promoted_metrics"];

/** Fields with another name in the older vocabulary, by the OpenAPI's name. */
export const TWEET_NAMES: Readonly<Record<string, string>> = {
  note_post: "note_tweet",
  referenced_posts: "referenced_tweets",
  edit_history_post_ids: "edit_history_tweet_ids",
};
/** The same of expansions. */
export const TWEET_EXPANSIONS: Readonly<Record<string, string>> = {
  referenced_posts: "referenced_tweets.id",
  edit_history_post_ids: "edit_history_tweet_ids",
};
/** Only in the post vocabulary: `article` holds the title, `username` comes with the author. */
const POST_ONLY_FIELDS: ReadonlySet<string> = new Set(["article_title", "username"]);

/** Asked for with expansions: what an included object costs does not depend on its fields. */
const INCLUDED_FIELDS = {
  "user.fields":
    "created_at,description,entities,id,is_identity_verified,location,name,parody,profile_banner_url," +
    "profile_image_url,protected,public_metrics,subscription_type,url,username,verified,verified_type,withheld",
  "media.fields":
    "alt_text,duration_ms,height,media_key,preview_image_url,public_metrics,type,url,variants,width",
  "poll.fields": "duration_minutes,end_datetime,id,options,voting_status",
  "place.fields": "contained_within,country,country_code,full_name,geo,id,name,place_type",
} as const;

export type QueryParams = Readonly<Record<string, string>>;

/** The dialects in the order in which they are tried. */
export function dialects(
  postFields: readonly string[] | undefined,
  expansions: readonly string[],
): readonly QueryParams[] {
  const included = expansions.length === 0 ? {} : INCLUDED_FIELDS;
  const wanted = postFields ?? [...POST_FIELDS, ...RELATION_FIELDS];
  const listed = postFields ?? POST_FIELDS;
  const tweetFields = wanted
    .filter((field) => !POST_ONLY_FIELDS.has(field))
    .map((field) => TWEET_NAMES[field] ?? field);
  const tweetExpansions = expansions.map((expansion) => TWEET_EXPANSIONS[expansion] ?? expansion);
  const candidates = [
    { "post.fields": wanted.join(","), ...joined("expansions", expansions), ...included },
    { "tweet.fields": tweetFields.join(","), ...joined("expansions", tweetExpansions), ...included },
    { "post.fields": listed.join(","), ...joined("expansions", expansions), ...included },
  ];
  return postFields === undefined ? candidates : candidates.slice(0, 2);
}

function joined(name: string, values: readonly string[]): QueryParams {
  return values.length === 0 ? {} : { [name]: values.join(",") };
}
