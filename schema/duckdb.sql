-- The table of docs/query.md, over what `npm start` has delivered:  duckdb -init schema/duckdb.sql
-- Made from post-line.schema.json by `npm run docs:duckdb`.

-- Functions that Athena has and DuckDB has not.
CREATE OR REPLACE MACRO element_at(items, place) AS items[place];
CREATE OR REPLACE MACRO from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMPTZ);
CREATE OR REPLACE MACRO json_extract_scalar(json, path) AS json_extract_string(json, path);

-- The lines of other objects: FROM lines_in('.local/live/*/bucket/tweets/**/*.gz')
CREATE OR REPLACE MACRO lines_in(objects) AS TABLE SELECT * FROM read_json(
  objects,
  format = 'newline_delimited',
  hive_partitioning = true,
  hive_types = {"year": VARCHAR, "month": VARCHAR, "day": VARCHAR, "hour": VARCHAR},
  columns = {
    "id": 'VARCHAR',
    "text": 'VARCHAR',
    "full_text": 'VARCHAR',
    "created_at": 'VARCHAR',
    "author_id": 'VARCHAR',
    "username": 'VARCHAR',
    "lang": 'VARCHAR',
    "conversation_id": 'VARCHAR',
    "in_reply_to_user_id": 'VARCHAR',
    "referenced_posts": 'STRUCT("type" VARCHAR, "id" VARCHAR)[]',
    "edit_history_post_ids": 'VARCHAR[]',
    "edit_controls": 'STRUCT("is_edit_eligible" BOOLEAN, "edits_remaining" BIGINT, "editable_until" VARCHAR)',
    "note_post": 'STRUCT("text" VARCHAR, "entities" STRUCT("hashtags" STRUCT("start" BIGINT, "end" BIGINT, "tag" VARCHAR)[], "cashtags" STRUCT("start" BIGINT, "end" BIGINT, "tag" VARCHAR)[], "mentions" STRUCT("start" BIGINT, "end" BIGINT, "username" VARCHAR, "id" VARCHAR)[], "urls" STRUCT("start" BIGINT, "end" BIGINT, "url" VARCHAR, "expanded_url" VARCHAR, "display_url" VARCHAR, "unwound_url" VARCHAR, "title" VARCHAR, "description" VARCHAR, "status" BIGINT, "media_key" VARCHAR, "images" STRUCT("url" VARCHAR, "width" BIGINT, "height" BIGINT)[])[]))',
    "entities": 'STRUCT("hashtags" STRUCT("start" BIGINT, "end" BIGINT, "tag" VARCHAR)[], "cashtags" STRUCT("start" BIGINT, "end" BIGINT, "tag" VARCHAR)[], "mentions" STRUCT("start" BIGINT, "end" BIGINT, "username" VARCHAR, "id" VARCHAR)[], "urls" STRUCT("start" BIGINT, "end" BIGINT, "url" VARCHAR, "expanded_url" VARCHAR, "display_url" VARCHAR, "unwound_url" VARCHAR, "title" VARCHAR, "description" VARCHAR, "status" BIGINT, "media_key" VARCHAR, "images" STRUCT("url" VARCHAR, "width" BIGINT, "height" BIGINT)[])[])',
    "attachments": 'STRUCT("media_keys" VARCHAR[], "media_source_tweet_id" VARCHAR[], "poll_ids" VARCHAR[])',
    "public_metrics": 'STRUCT("repost_count" BIGINT, "reply_count" BIGINT, "like_count" BIGINT, "quote_count" BIGINT, "bookmark_count" BIGINT, "impression_count" BIGINT)',
    "context_annotations": 'STRUCT("domain" STRUCT("id" VARCHAR, "name" VARCHAR, "description" VARCHAR), "entity" STRUCT("id" VARCHAR, "name" VARCHAR, "description" VARCHAR))[]',
    "geo": 'STRUCT("place_id" VARCHAR, "coordinates" STRUCT("type" VARCHAR, "coordinates" DOUBLE[]))',
    "possibly_sensitive": 'BOOLEAN',
    "reply_settings": 'VARCHAR',
    "source": 'VARCHAR',
    "display_text_range": 'BIGINT[]',
    "withheld": 'STRUCT("copyright" BOOLEAN, "country_codes" VARCHAR[], "scope" VARCHAR)',
    "community_id": 'VARCHAR',
    "card_uri": 'VARCHAR',
    "article": 'VARCHAR',
    "article_title": 'VARCHAR',
    "media_metadata": 'STRUCT("media_key" VARCHAR, "alt_text" VARCHAR, "title" VARCHAR, "description" VARCHAR)[]',
    "matched_media_notes": 'STRUCT("note_id" VARCHAR, "match_status" VARCHAR)[]',
    "note_request_suggestions": 'STRUCT("suggestion_id" VARCHAR, "suggestion" VARCHAR, "source_link" VARCHAR)[]',
    "suggested_source_links": 'VARCHAR[]',
    "suggested_source_links_with_counts": 'STRUCT("url" VARCHAR, "count" BIGINT)[]',
    "paid_partnership": 'BOOLEAN',
    "scopes": 'STRUCT("followers" BOOLEAN)',
    "non_public_metrics": 'VARCHAR',
    "organic_metrics": 'VARCHAR',
    "promoted_metrics": 'VARCHAR',
    "includes": 'STRUCT("posts" STRUCT("id" VARCHAR, "text" VARCHAR, "created_at" VARCHAR, "author_id" VARCHAR, "username" VARCHAR, "lang" VARCHAR, "conversation_id" VARCHAR, "in_reply_to_user_id" VARCHAR, "referenced_posts" STRUCT("type" VARCHAR, "id" VARCHAR)[], "edit_history_post_ids" VARCHAR[], "edit_controls" STRUCT("is_edit_eligible" BOOLEAN, "edits_remaining" BIGINT, "editable_until" VARCHAR), "note_post" STRUCT("text" VARCHAR, "entities" STRUCT("hashtags" STRUCT("start" BIGINT, "end" BIGINT, "tag" VARCHAR)[], "cashtags" STRUCT("start" BIGINT, "end" BIGINT, "tag" VARCHAR)[], "mentions" STRUCT("start" BIGINT, "end" BIGINT, "username" VARCHAR, "id" VARCHAR)[], "urls" STRUCT("start" BIGINT, "end" BIGINT, "url" VARCHAR, "expanded_url" VARCHAR, "display_url" VARCHAR, "unwound_url" VARCHAR, "title" VARCHAR, "description" VARCHAR, "status" BIGINT, "media_key" VARCHAR, "images" STRUCT("url" VARCHAR, "width" BIGINT, "height" BIGINT)[])[])), "entities" STRUCT("hashtags" STRUCT("start" BIGINT, "end" BIGINT, "tag" VARCHAR)[], "cashtags" STRUCT("start" BIGINT, "end" BIGINT, "tag" VARCHAR)[], "mentions" STRUCT("start" BIGINT, "end" BIGINT, "username" VARCHAR, "id" VARCHAR)[], "urls" STRUCT("start" BIGINT, "end" BIGINT, "url" VARCHAR, "expanded_url" VARCHAR, "display_url" VARCHAR, "unwound_url" VARCHAR, "title" VARCHAR, "description" VARCHAR, "status" BIGINT, "media_key" VARCHAR, "images" STRUCT("url" VARCHAR, "width" BIGINT, "height" BIGINT)[])[]), "attachments" STRUCT("media_keys" VARCHAR[], "media_source_tweet_id" VARCHAR[], "poll_ids" VARCHAR[]), "public_metrics" STRUCT("repost_count" BIGINT, "reply_count" BIGINT, "like_count" BIGINT, "quote_count" BIGINT, "bookmark_count" BIGINT, "impression_count" BIGINT), "context_annotations" STRUCT("domain" STRUCT("id" VARCHAR, "name" VARCHAR, "description" VARCHAR), "entity" STRUCT("id" VARCHAR, "name" VARCHAR, "description" VARCHAR))[], "geo" STRUCT("place_id" VARCHAR, "coordinates" STRUCT("type" VARCHAR, "coordinates" DOUBLE[])), "possibly_sensitive" BOOLEAN, "reply_settings" VARCHAR, "source" VARCHAR, "display_text_range" BIGINT[], "withheld" STRUCT("copyright" BOOLEAN, "country_codes" VARCHAR[], "scope" VARCHAR), "community_id" VARCHAR, "card_uri" VARCHAR, "article" VARCHAR, "article_title" VARCHAR, "media_metadata" STRUCT("media_key" VARCHAR, "alt_text" VARCHAR, "title" VARCHAR, "description" VARCHAR)[], "matched_media_notes" STRUCT("note_id" VARCHAR, "match_status" VARCHAR)[], "note_request_suggestions" STRUCT("suggestion_id" VARCHAR, "suggestion" VARCHAR, "source_link" VARCHAR)[], "suggested_source_links" VARCHAR[], "suggested_source_links_with_counts" STRUCT("url" VARCHAR, "count" BIGINT)[], "paid_partnership" BOOLEAN, "scopes" STRUCT("followers" BOOLEAN), "non_public_metrics" VARCHAR, "organic_metrics" VARCHAR, "promoted_metrics" VARCHAR)[], "users" STRUCT("id" VARCHAR, "name" VARCHAR, "username" VARCHAR, "created_at" VARCHAR, "description" VARCHAR, "location" VARCHAR, "url" VARCHAR, "entities" STRUCT("description" STRUCT("hashtags" STRUCT("start" BIGINT, "end" BIGINT, "tag" VARCHAR)[], "cashtags" STRUCT("start" BIGINT, "end" BIGINT, "tag" VARCHAR)[], "mentions" STRUCT("start" BIGINT, "end" BIGINT, "username" VARCHAR, "id" VARCHAR)[], "urls" STRUCT("start" BIGINT, "end" BIGINT, "url" VARCHAR, "expanded_url" VARCHAR, "display_url" VARCHAR, "unwound_url" VARCHAR, "title" VARCHAR, "description" VARCHAR, "status" BIGINT, "media_key" VARCHAR, "images" STRUCT("url" VARCHAR, "width" BIGINT, "height" BIGINT)[])[]), "url" STRUCT("urls" STRUCT("start" BIGINT, "end" BIGINT, "url" VARCHAR, "expanded_url" VARCHAR, "display_url" VARCHAR, "unwound_url" VARCHAR, "title" VARCHAR, "description" VARCHAR, "status" BIGINT, "media_key" VARCHAR, "images" STRUCT("url" VARCHAR, "width" BIGINT, "height" BIGINT)[])[])), "profile_image_url" VARCHAR, "profile_banner_url" VARCHAR, "pinned_post_id" VARCHAR, "most_recent_post_id" VARCHAR, "protected" BOOLEAN, "verified" BOOLEAN, "verified_type" VARCHAR, "verified_followers_count" BIGINT, "is_identity_verified" BOOLEAN, "parody" BOOLEAN, "subscription_type" VARCHAR, "subscription" STRUCT("subscribes_to_you" BOOLEAN), "affiliation" STRUCT("badge_url" VARCHAR, "description" VARCHAR, "url" VARCHAR, "user_id" VARCHAR[]), "public_metrics" STRUCT("followers_count" BIGINT, "following_count" BIGINT, "post_count" BIGINT, "listed_count" BIGINT, "like_count" BIGINT, "media_count" BIGINT), "withheld" STRUCT("copyright" BOOLEAN, "country_codes" VARCHAR[], "scope" VARCHAR), "connection_status" VARCHAR[], "receives_your_dm" BOOLEAN, "subscribes_to_you" BOOLEAN, "confirmed_email" VARCHAR)[], "media" STRUCT("media_key" VARCHAR, "type" VARCHAR, "url" VARCHAR, "preview_image_url" VARCHAR, "alt_text" VARCHAR, "width" BIGINT, "height" BIGINT, "duration_ms" BIGINT, "public_metrics" STRUCT("view_count" BIGINT), "non_public_metrics" STRUCT("view_count" BIGINT, "playback_0_count" BIGINT, "playback_25_count" BIGINT, "playback_50_count" BIGINT, "playback_75_count" BIGINT, "playback_100_count" BIGINT), "organic_metrics" STRUCT("view_count" BIGINT, "playback_0_count" BIGINT, "playback_25_count" BIGINT, "playback_50_count" BIGINT, "playback_75_count" BIGINT, "playback_100_count" BIGINT), "promoted_metrics" STRUCT("view_count" BIGINT, "playback_0_count" BIGINT, "playback_25_count" BIGINT, "playback_50_count" BIGINT, "playback_75_count" BIGINT, "playback_100_count" BIGINT), "variants" STRUCT("bit_rate" BIGINT, "content_type" VARCHAR, "url" VARCHAR)[])[], "polls" STRUCT("id" VARCHAR, "voting_status" VARCHAR, "duration_minutes" BIGINT, "end_datetime" VARCHAR, "options" STRUCT("position" BIGINT, "label" VARCHAR, "votes" BIGINT)[])[], "places" STRUCT("id" VARCHAR, "name" VARCHAR, "full_name" VARCHAR, "country" VARCHAR, "country_code" VARCHAR, "place_type" VARCHAR, "contained_within" VARCHAR[], "geo" STRUCT("type" VARCHAR, "bbox" DOUBLE[], "properties" VARCHAR))[], "topics" STRUCT("id" VARCHAR, "name" VARCHAR, "description" VARCHAR)[])',
    "includes_unreferenced": 'VARCHAR',
    "matching_rules": 'STRUCT("id" VARCHAR, "tag" VARCHAR)[]',
    "formatted": 'STRUCT("version" BIGINT, "text_clean" VARCHAR, "kind" VARCHAR, "hashtags" VARCHAR[], "mentions" VARCHAR[], "links" VARCHAR[])',
    "ingestion": 'STRUCT("schema_version" BIGINT, "source" VARCHAR, "query" VARCHAR, "received_at" VARCHAR, "replaced_characters" BIGINT, "dead_letter" STRUCT("reason" VARCHAR, "bytes" BIGINT, "omitted_fields" VARCHAR[], "omitted_count" BIGINT, "raw_base64" VARCHAR))'
  }
);

CREATE SCHEMA IF NOT EXISTS tweets_dev;
CREATE OR REPLACE VIEW tweets_dev.posts AS SELECT * FROM lines_in('.local/bucket/tweets/**/*.gz');
