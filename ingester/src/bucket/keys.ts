/** What the key of a delivered object says: docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html. Pure. */

/** Every object's name ends so, under whatever prefix: when the oldest of its records arrived (UTC), and an id. */
const NAME = /-(\d{4}-\d\d-\d\d)-\d\d-\d\d-\d\d-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;
/** As shipped: `tweets/year=2026/month=11/day=20/hour=08/`. */
const FOLDERS = /(?:^|\/)year=(\d{4})\/month=(\d\d)\/day=(\d\d)\//;

/** The UTC day on which the object's oldest record arrived at Firehose; undefined when the key does not say. */
export function arrivalDate(key: string): string | undefined {
  const named = NAME.exec(key)?.[1];
  if (named !== undefined) return named;
  const [, year, month, day] = FOLDERS.exec(key) ?? [];
  return year === undefined ? undefined : `${year}-${month}-${day}`;
}

/** Every key of the prefix that names an earlier day in its folders sorts before this one. */
export function firstKeyOf(prefix: string, date: string): string {
  const [year, month, day] = date.split("-");
  return `${prefix}year=${year}/month=${month}/day=${day}/`;
}

/** Whether the keys under a prefix begin with folders of days, as that key does. */
export function isByDay(prefix: string, key: string): boolean {
  return key.startsWith(`${prefix}year=`) && FOLDERS.test(key);
}
