import { hash32 } from "../../support/random";
import { userAt } from "../posts/users";
import type { Term } from "./parse";
import { folded, type PostView } from "./post-view";

const SAMPLE_SALT = 51;

/** Which of X's two readers of the language reads a text. */
export type Dialect = "rule" | "search";

/** A test of one post. */
export type ViewTest = (post: PostView) => boolean;

/**
 * Turns a query into a test of posts.
 * @param dialect which of X's readers it is for; undefined: what both have in common
 */
export function compile(term: Term, dialect: Dialect | undefined): ViewTest {
  switch (term.kind) {
    case "and": {
      const tests = term.terms.map((each) => compile(each, dialect));
      return (post) => tests.every((test) => test(post));
    }
    case "or": {
      const tests = term.terms.map((each) => compile(each, dialect));
      return (post) => tests.some((test) => test(post));
    }
    case "not": {
      // X's search ignores these operators, negated ones too.
      if (term.term.kind === "operator" && isIgnored(term.term.name, dialect)) return () => true;
      const test = compile(term.term, dialect);
      return (post) => !test(post);
    }
    case "text":
      return textTest(term, dialect);
    case "operator":
      return isIgnored(term.name, dialect) ? () => true : operatorTest(term.name, term.value);
  }
}

function isIgnored(name: string, dialect: Dialect | undefined): boolean {
  return dialect === "search" && (name === "sample" || name.startsWith("bio"));
}

function textTest(
  { value, isPhrase }: { readonly value: string; readonly isPhrase: boolean },
  dialect: Dialect | undefined,
): ViewTest {
  const sign = value[0];
  const name = value.slice(1).toLowerCase();
  if (!isPhrase && sign === "#") return (post) => post.hashtags.includes(name);
  if (!isPhrase && sign === "$") return (post) => post.cashtags.includes(name);
  if (!isPhrase && sign === "@") return (post) => post.mentions.includes(name);
  const foldsAccents = dialect === "search";
  const wanted = foldsAccents ? folded(value.toLowerCase()) : value.toLowerCase();
  const readsQuoted = dialect === "rule";
  return (post) =>
    post.says(wanted, foldsAccents) || (readsQuoted && post.quoted?.says(wanted, foldsAccents) === true);
}

function operatorTest(name: string, value: string): ViewTest {
  const wanted = value.toLowerCase().replace(/^@/, "");
  switch (name) {
    case "from":
      return (post) => isUser(post.author, wanted);
    case "to":
      return (post) => post.repliesTo !== undefined && isUser(post.repliesTo, wanted);
    case "retweets_of":
      return (post) => post.reposts !== undefined && isUser(post.reposts, wanted);
    case "url":
      return (post) => post.links.some((link) => link.toLowerCase().includes(wanted));
    case "lang":
      return (post) => post.language === wanted;
    case "is":
      return (post) => post.is(value);
    case "has":
      return (post) => post.has(value);
    case "sample":
      return (post) => hash32(7, post.index, SAMPLE_SALT) % 100 < Number(value);
    case "min_likes":
      return (post) => post.metrics.likes >= Number(value);
    case "min_reposts":
      return (post) => post.metrics.reposts >= Number(value);
    case "min_replies":
      return (post) => post.metrics.replies >= Number(value);
    default:
      // X has these operators; no simulated post has what they ask for.
      return () => false;
  }
}

function isUser(index: number, wanted: string): boolean {
  const { id, username } = userAt(index);
  return id === wanted || username === wanted;
}
