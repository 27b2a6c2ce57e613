/** Entities of a text, in the shape of X's `entities`; positions count Unicode code points. */
export interface TextEntities {
  readonly hashtags?: readonly { readonly start: number; readonly end: number; readonly tag: string }[];
  readonly cashtags?: readonly { readonly start: number; readonly end: number; readonly tag: string }[];
  readonly mentions?: readonly {
    readonly start: number;
    readonly end: number;
    readonly username: string;
    readonly id: string;
  }[];
  readonly urls?: readonly UrlEntity[];
}

/** A link in a text. */
export interface UrlEntity {
  readonly start: number;
  readonly end: number;
  readonly url: string;
  readonly expanded_url: string;
  readonly display_url: string;
  readonly media_key?: string;
  readonly status?: number;
  readonly title?: string;
  readonly description?: string;
  readonly unwound_url?: string;
}

type EntityKind = keyof TextEntities;
type AnyEntity = { readonly start: number; readonly end: number };

/** Builds a text piece by piece and remembers where its entities stand. */
export class TextBuilder {
  private text = "";
  private points = 0;
  private readonly found: Partial<Record<EntityKind, AnyEntity[]>> = {};

  /** Length in code points, as X counts positions. */
  get length(): number {
    return this.points;
  }

  /** Adds plain text, after a space unless it is the first piece. */
  words(text: string): this {
    const piece = this.text === "" ? text : ` ${text}`;
    this.text += piece;
    this.points += [...piece].length;
    return this;
  }

  hashtag(tag: string): this {
    return this.entity("hashtags", `#${tag}`, { tag });
  }

  cashtag(tag: string): this {
    return this.entity("cashtags", `$${tag}`, { tag });
  }

  mention(user: { readonly username: string; readonly id: string }): this {
    return this.entity("mentions", `@${user.username}`, { username: user.username, id: user.id });
  }

  url(link: Omit<UrlEntity, "start" | "end">): this {
    return this.entity("urls", link.url, link);
  }

  toString(): string {
    return this.text;
  }

  /** The entities that lie wholly within the first `limit` code points; kinds without any are left out. */
  entities(limit = Number.POSITIVE_INFINITY): TextEntities {
    const kept = Object.entries(this.found)
      .map(([kind, entities]) => [kind, entities.filter((entity) => entity.end <= limit)] as const)
      .filter(([, entities]) => entities.length > 0);
    return Object.fromEntries(kept) as TextEntities;
  }

  private entity(kind: EntityKind, text: string, values: object): this {
    this.words(text);
    const start = this.points - [...text].length;
    const entities = this.found[kind] ?? [];
    entities.push({ start, end: this.points, ...values });
    this.found[kind] = entities;
    return this;
  }
}
