import schema from "../../../schema/post-line.schema.json";
import { checkHiveName, hiveType, type JsonSchema } from "./hive-type";

/** A column of the table of posts. */
export interface Column {
  readonly name: string;
  /** Hive type. */
  readonly type: string;
  readonly comment: string;
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_Column.html */
const MAX_COMMENT_LENGTH = 255;

/** Columns of a line in the order of its JSON schema, with the schema's descriptions as comments. */
export function lineColumns(document: JsonSchema = schema): Column[] {
  return Object.entries(document.properties ?? {}).map(([name, property]) => ({
    name: checkHiveName(name),
    type: hiveType(property, document),
    comment: shortened(property.description ?? ""),
  }));
}

/** A comment that is too long ends with the last whole word that fits. */
function shortened(comment: string): string {
  if (comment.length <= MAX_COMMENT_LENGTH) return comment;
  return `${comment.slice(0, MAX_COMMENT_LENGTH - 1).replace(/\s+\S*$/, "")}…`;
}
