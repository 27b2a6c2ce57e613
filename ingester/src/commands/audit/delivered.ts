/** What the ledger says of a day and a query beside what lies in the bucket. Pure. */
import { STREAM_NAME } from "../../bucket/contents";
import { count, duration, plural, pluralIs } from "../../runtime/words";
import type { Finding, FindingsInput } from "./finding";
import type { AuditRow, QuerySum } from "./rows";

/** Search returns so many posts in one page: docs.x.com. A worker that ends leaves at most one page uncommitted. */
const PAGE = { recent: 100, archive: 500 } as const;
/** X sends 250 posts a second at most; a batch is written about once a second, the next ones may have come by then. */
const STREAM_UNWRITTEN = 5_000;

/** Own bound: more lines than this, and than this share of a day, are no single writes that went without an answer. */
const SENT_AGAIN = { least: 1_000, share: 0.1 } as const;

/** Of one day and query. */
export function rowFindings(row: AuditRow, input: FindingsInput): readonly Finding[] {
  const { date, name, bucket } = row;
  if (bucket === undefined) return [];
  const at = { date, query: name };
  const notes: Finding[] = [];
  const note = (code: string, number: number, text: string) =>
    number > 0 && notes.push({ level: "note", code, ...at, count: number, text });
  for (const [reason, number] of Object.entries(bucket.deadLetters))
    note(
      "dead_letter",
      number,
      `${plural(number, "line")} ${number === 1 ? "is" : "are"} no whole post (${reason}): docs/record.md, "Dead letters".`,
    );
  note(
    "under_errors",
    bucket.underErrors,
    `${pluralIs(bucket.underErrors, "line")} under the error prefix: the transform or the conversion to Parquet failed. docs/runbook.md says how to deliver them again.`,
  );
  return [
    ...missing(row, bucket, input),
    ...notReckoned(row, bucket),
    ...readAgain(row, bucket),
    ...sentAgain(row, bucket),
    ...notes,
  ];
}

type Bucket = NonNullable<AuditRow["bucket"]>;

/** The ledger knows that Firehose has acknowledged them. */
function missing(
  { date, name, keys, ledger }: AuditRow,
  bucket: Bucket,
  { joined, nowMs, delayMs }: FindingsInput,
): readonly Finding[] {
  const number = ledger.lines - bucket.posts;
  if (number <= 0) return [];
  const at = { date, query: name, count: number };
  const lines = pluralIs(number, "line");
  if (name === STREAM_NAME && ledger.lines <= bucket.readings)
    return [
      {
        ...{ level: "note", code: "read_twice", ...at },
        text: `${lines} of posts that the stream and the search in its holes have both brought: holes reach 10 s beyond each disconnection.`,
      },
    ];
  if (ledger.lastAtMs + delayMs > nowMs)
    return [
      {
        ...{ level: "note", code: "on_the_way", ...at },
        text: `${lines} not there yet. The last one was delivered less than ${duration(delayMs)} ago: Firehose may still hold it (--delay).`,
      },
    ];
  if (ledger.lines <= bucket.readings)
    return [
      {
        ...{ level: keys.length > 1 ? "note" : "breach", code: "delivered_twice", ...at },
        text:
          keys.length > 1
            ? `${plural(number, "post")} delivered under several keys with this query: ${keys.join(", ")}.`
            : `${plural(number, "post")} bought and delivered twice on that day, or as many lines missing. After \`coverage --forget\` this is expected.`,
      },
    ];
  const unreadable = joined.unknownByDate.get(date) ?? 0;
  if (number <= unreadable)
    return [
      {
        ...{ level: "note", code: "unreadable_for_transform", ...at },
        text: `${lines} among those that the transform could not read: docs/transform.md.`,
      },
    ];
  return [
    {
      ...{ level: "breach", code: "missing", ...at },
      text: `${lines} missing: the ledger has ${count(ledger.lines)} as delivered, the bucket holds ${plural(bucket.posts, "different post")}, dead letters included. Look for deleted objects, a lifecycle rule, another prefix (--prefix) and Firehose's log.`,
    },
  ];
}

/** What lies in the bucket, and no page in the ledger accounts for. */
function notReckoned({ date, name, ledger }: AuditRow, bucket: Bucket): readonly Finding[] {
  const number = bucket.readings - ledger.lines;
  if (number <= 0) return [];
  const at = { date, query: name, count: number };
  const lines = plural(number, "line");
  if (!ledger.isWhole)
    return [
      {
        ...{ level: "note", code: "not_recorded", ...at },
        text: `${lines} cannot be compared: the ledger counts the lines of the last 40 days, and only since this version first delivered.`,
      },
    ];
  const allowed = allowance(name, ledger.starts, bucket.isArchive);
  if (number <= allowed)
    return [
      {
        ...{ level: "note", code: "uncommitted", ...at },
        text: `${lines} of a page that was delivered and not written into the ledger, because its process ended. The budget has it at risk; it is read again.`,
      },
    ];
  return [
    {
      ...{ level: "breach", code: "not_counted", ...at },
      text: `${lines} that the ledger has not counted: at most ${count(allowed)} can be left by the ${plural(ledger.starts, "worker")} of that day. Another ledger may deliver into this bucket (LEDGER_KEY, CHECKPOINT_FILE).`,
    },
  ];
}

/** On one UTC day X bills a post once, however often it is read; still, no more than a page for each end of a process. */
function readAgain({ date, name, ledger }: AuditRow, bucket: Bucket): readonly Finding[] {
  const number = bucket.readings - bucket.posts;
  if (number <= 0) return [];
  const at = { date, query: name, count: number };
  const posts = `${plural(number, "post")} ${number === 1 ? "was" : "were"} read again on that day`;
  const allowed = allowance(name, ledger.starts, bucket.isArchive);
  if (name === STREAM_NAME || number <= allowed || !ledger.isWhole)
    return [
      {
        ...{ level: "note", code: "read_again", ...at },
        text: `${posts}. X bills a post once a day; a process that ended in the middle of a page reads it again.`,
      },
    ];
  return [
    {
      ...{ level: "breach", code: "read_again_too_often", ...at },
      text: `${posts}: at most ${count(allowed)} are expected of the ${plural(ledger.starts, "worker")} of that day, a page each.`,
    },
  ];
}

/** Firehose delivers at least once. What it took without an answer is sent again, which is rare. */
function sentAgain({ date, name }: AuditRow, { lines, readings }: Bucket): readonly Finding[] {
  const number = lines - readings;
  if (number <= 0) return [];
  const at = { date, query: name, count: number };
  const text = `${pluralIs(number, "line")} there again, from the same answer of X. Not billed again:`;
  return number <= Math.max(SENT_AGAIN.least, SENT_AGAIN.share * readings)
    ? [
        {
          ...{ level: "note", code: "sent_again", ...at },
          text: `${text} Firehose delivers at least once, and what it took without an answer is sent again.`,
        },
      ]
    : [
        {
          ...{ level: "breach", code: "sent_again_too_often", ...at },
          text: `${text} but more than repeated deliveries explain. Look for objects that were copied or delivered again.`,
        },
      ];
}

/** On another UTC day, X bills the post again. */
export function boughtAgain(query: QuerySum, rows: readonly AuditRow[]): readonly Finding[] {
  const { name, boughtAgain: number, isArchive } = query;
  if (number <= 0) return [];
  const own = rows.filter((row) => row.name === name);
  const starts = own.reduce((sum, { ledger }) => sum + ledger.starts, 0);
  const allowed = allowance(name, starts, isArchive);
  const at = { query: name, count: number };
  const posts = `${plural(number, "post")} ${number === 1 ? "was" : "were"} bought on more than one UTC day`;
  const isExplained = name === STREAM_NAME || number <= allowed || own.some(({ ledger }) => !ledger.isWhole);
  return [
    isExplained
      ? {
          ...{ level: "note", code: "bought_again", ...at },
          text: `${posts}. After midnight UTC X bills a post again: a page that a process left uncommitted, or what \`coverage --forget\` gave up.`,
        }
      : {
          ...{ level: "breach", code: "bought_again_too_often", ...at },
          text: `${posts}: at most ${count(allowed)} are expected of ${plural(starts, "worker")}, a page each.`,
        },
  ];
}

function allowance(name: string, starts: number, isArchive: boolean): number {
  if (name === STREAM_NAME) return starts * STREAM_UNWRITTEN;
  return starts * (isArchive ? PAGE.archive : PAGE.recent);
}
