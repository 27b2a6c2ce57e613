import { currentName, type Vocabulary, type VocabularyOption } from "../vocabulary";
import { expansionNames, postFieldNames, postFieldsParameters, userFieldNames } from "./field-names";
import type { ParameterReader } from "./parameter-reader";

/** Which fields and objects a request asks for. */
export interface FieldRequest {
  /** Fields of posts, by the OpenAPI's names. */
  readonly fields: readonly string[];
  /** Expansions, by the OpenAPI's names. */
  readonly expansions: ReadonlySet<string>;
  readonly userFields: readonly string[];
  /** The words to answer in. */
  readonly vocabulary: Vocabulary;
}

/** Where a request's fields are read from, and in which words. */
export interface FieldSource {
  readonly parameters: URLSearchParams;
  readonly vocabulary: VocabularyOption;
  /** The stream has some fields and expansions that other endpoints do not have. */
  readonly isStream: boolean;
  /** What a simulator of both vocabularies answers in when the request uses neither. */
  readonly habit: Vocabulary;
}

/** The names of the parameters that choose fields and objects. */
export function fieldParameters(vocabulary: VocabularyOption): readonly string[] {
  const others = ["expansions", "user.fields", "media.fields", "poll.fields", "place.fields"];
  return [...others, ...postFieldsParameters(vocabulary)];
}

/** Reads what a request wants of each post; problems are noted in the reader. */
export function readFieldRequest(reader: ParameterReader, source: FieldSource): FieldRequest {
  const { parameters, vocabulary, habit, isStream } = source;
  const names = postFieldsParameters(vocabulary);
  return {
    fields: names.flatMap((name) => reader.list(name, postFieldNames(vocabulary))).map(currentName),
    expansions: new Set(
      reader.list("expansions", expansionNames(vocabulary, isStream)).flatMap(currentExpansions),
    ),
    userFields: reader.list("user.fields", userFieldNames(isStream)),
    vocabulary: vocabulary === "both" ? (spokenIn(parameters) ?? habit) : vocabulary,
  };
}

/** The words a request is written in, if it uses any that changed. */
function spokenIn(parameters: URLSearchParams): Vocabulary | undefined {
  const expansions = parameters.get("expansions") ?? "";
  if (parameters.has("tweet.fields") || /(referenced|edit_history)_tweet/.test(expansions)) return "tweet";
  const isCurrent = parameters.has("post.fields") || /(referenced|edit_history)_post/.test(expansions);
  return isCurrent ? "post" : undefined;
}

/** `referenced_tweets.id.author_id` asks for the posts' authors as well as the posts. */
function currentExpansions(name: string): readonly string[] {
  if (name === "referenced_tweets.id") return ["referenced_posts"];
  if (name === "referenced_tweets.id.author_id") return ["referenced_posts", "referenced_posts.author_id"];
  if (name === "referenced_tweets.id.attachments.media_keys") return ["referenced_posts"];
  return [currentName(name)];
}
