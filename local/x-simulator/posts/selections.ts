import type { FieldRequest } from "../requests/field-request";
import type { PostSelection } from "./post-generator";

/** One selection for equal requests, so that the generator works out only once what it implies. */
export class Selections {
  private readonly known = new Map<string, PostSelection>();

  of(request: FieldRequest): PostSelection {
    const fields = new Set(request.fields);
    for (const name of ["author_id", "in_reply_to_user_id", "referenced_posts"]) {
      if (request.expansions.has(name)) fields.add(name);
    }
    const key = `${request.vocabulary} ${[...fields].sort().join(",")}`;
    const selection = this.known.get(key) ?? { fields, vocabulary: request.vocabulary };
    this.known.set(key, selection);
    return selection;
  }
}
