import { inVocabulary, type VocabularyOption } from "../vocabulary";

/** `post.fields` of X's OpenAPI 2.167. */
const POST_FIELDS: readonly string[] = [
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
  "non_public_metrics",
  "note_post",
  "note_request_suggestions",
  "organic_metrics",
  "paid_partnership",
  "possibly_sensitive",
  "promoted_metrics",
  "public_metrics",
  "reply_settings",
  "scopes",
  "source",
  "suggested_source_links",
  "suggested_source_links_with_counts",
  "text",
  "withheld",
];

/**
 * Fields of the OpenAPI's Post that its `post.fields` does not list. X's prose documentation lists them;
 * the simulator follows the prose, so that a request for either works.
 */
const RELATION_FIELDS: readonly string[] = [
  "author_id",
  "edit_history_post_ids",
  "in_reply_to_user_id",
  "referenced_posts",
  "username",
];

/** `expansions` of X's OpenAPI 2.167. */
const EXPANSIONS: readonly string[] = [
  "article.cover_media",
  "article.media_entities",
  "attachments.media_keys",
  "attachments.media_source_tweet",
  "attachments.poll_ids",
  "author_id",
  "edit_history_post_ids",
  "entities.mentions.username",
  "geo.place_id",
  "in_reply_to_user_id",
  "referenced_posts",
  "username",
];

/** How the prose documentation writes the expansions that changed. */
const OLDER_EXPANSIONS: readonly string[] = [
  "referenced_tweets.id",
  "referenced_tweets.id.author_id",
  "edit_history_tweet_ids",
  "attachments.media_source_tweet",
];

/** `user.fields` of X's OpenAPI 2.167. */
const USER_FIELDS: readonly string[] = [
  "confirmed_email",
  "connection_status",
  "created_at",
  "description",
  "entities",
  "id",
  "is_identity_verified",
  "location",
  "name",
  "parody",
  "profile_banner_url",
  "profile_image_url",
  "protected",
  "public_metrics",
  "receives_your_dm",
  "subscribes_to_you",
  "subscription",
  "subscription_type",
  "url",
  "username",
  "verified",
  "verified_followers_count",
  "verified_type",
  "withheld",
];

/** `expansions` and `user.fields` that the OpenAPI 2.167 has for the stream only. */
const STREAM_EXPANSIONS: readonly string[] = [
  "entities.note.mentions.username",
  "referenced_tweets.id.attachments.media_keys",
];
const STREAM_USER_FIELDS: readonly string[] = ["affiliation", "most_recent_tweet_id", "pinned_tweet_id"];

/** The user fields an endpoint accepts. */
export function userFieldNames(isStream: boolean): readonly string[] {
  return isStream ? [...USER_FIELDS, ...STREAM_USER_FIELDS] : USER_FIELDS;
}

/** The post fields a simulator accepts, in the words it understands. */
export function postFieldNames(vocabulary: VocabularyOption): readonly string[] {
  return inWords([...POST_FIELDS, ...RELATION_FIELDS], vocabulary);
}

/** The expansions an endpoint accepts, in the words the simulator understands. */
export function expansionNames(vocabulary: VocabularyOption, isStream: boolean): readonly string[] {
  const own = isStream ? STREAM_EXPANSIONS : [];
  if (vocabulary === "post") return [...EXPANSIONS, ...own];
  const older = EXPANSIONS.filter((name) => !name.includes("post")).concat(OLDER_EXPANSIONS, own);
  return vocabulary === "tweet" ? older : [...new Set([...EXPANSIONS, ...older])];
}

/** The names of the parameters that choose post fields, in the words a simulator understands. */
export function postFieldsParameters(vocabulary: VocabularyOption): readonly string[] {
  return inWords(["post.fields"], vocabulary);
}

function inWords(names: readonly string[], vocabulary: VocabularyOption): readonly string[] {
  if (vocabulary === "post") return names;
  const older = names.map((name) => inVocabulary(name, "tweet"));
  return vocabulary === "tweet" ? older : [...new Set([...names, ...older])];
}
