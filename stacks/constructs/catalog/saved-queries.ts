/** A saved query of the table, with `?` for each parameter. */
export interface SavedQuery {
  readonly name: string;
  readonly description: string;
  readonly sql: string;
}

/**
 * The saved queries of a table of posts. Both read only the partitions given as parameters. They use only what Athena
 * and DuckDB both support, so that tests run the same text; DuckDB needs a macro for `element_at`.
 * @param table with its database: `"database"."table"`
 */
export function savedQueries(table: string): SavedQuery[] {
  return [volumePerHour(table), latestVersions(table)];
}

function volumePerHour(table: string): SavedQuery {
  return {
    name: "volume-per-hour",
    description:
      "Lines and distinct posts of each hour of one day. Parameters: year, month, day, as '2026', '01', '31'.",
    sql: `SELECT
  year, month, day, hour,
  count(*) AS lines,
  count(DISTINCT id) AS posts
FROM ${table}
WHERE year = ? AND month = ? AND day = ?
GROUP BY year, month, day, hour
ORDER BY hour`,
  };
}

/**
 * Ids are numbers of up to 64 bits written as text: the longer one is larger, and at equal length text order is
 * number order. Of the latest version, a complete line is preferred to a shortened one, then the line that was received
 * last, because counts grow with time.
 */
function latestVersions(table: string): SavedQuery {
  return {
    name: "latest-versions",
    description:
      "The latest version of each post that arrived in one month, without duplicates. Parameters: year, month, as '2026', '01'.",
    sql: `WITH versions AS (
  SELECT
    coalesce(element_at(edit_history_post_ids, 1), id) AS first_id,
    id, created_at, author_id, username, lang, full_text, public_metrics, ingestion
  FROM ${table}
  WHERE year = ? AND month = ?
),
ranked AS (
  SELECT
    versions.*,
    row_number() OVER (
      PARTITION BY first_id
      ORDER BY length(id) DESC, id DESC, (ingestion.dead_letter IS NULL) DESC, ingestion.received_at DESC
    ) AS version_rank
  FROM versions
  WHERE id NOT LIKE 'unreadable-%'
)
SELECT first_id, id, created_at, author_id, username, lang, full_text, public_metrics
FROM ranked
WHERE version_rank = 1
ORDER BY length(first_id), first_id`,
  };
}
