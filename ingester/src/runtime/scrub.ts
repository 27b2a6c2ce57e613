/**
 * The last line of defence for secrets: whatever is written (a log line, a metric line, an answer of the status
 * server) passes a scrubber first. It works on text, so that no depth of nesting and no error message escapes it.
 */

/** Text in, the same text without secrets out. JSON stays JSON. */
export type Scrubber = (text: string) => string;

export const REDACTED = "[redacted]";

/** Anything shorter is a word that lines may well contain for other reasons, not a secret. */
const MIN_SECRET_LENGTH = 4;

/** `"authorization":"..."` and its like, at any depth of a JSON text. */
const SECRET_MEMBER =
  /("(?:proxy-|x-)?(?:authorization|(?:x_)?bearer_?token|access_?token|secret_?access_?key|session_?token|x-amz-security-token)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;

/** An authorization header inside a sentence. Real tokens are about 110 characters; words are not that long. */
const BEARER = /\bBearer\s+[\w.~+/%=-]{20,}/gi;

/** @param secrets values that may never appear, in any of the spellings that URLs and JSON give them */
export function createScrubber(secrets: readonly (string | undefined)[]): Scrubber {
  const spellings = [...new Set(secrets.flatMap(spellingsOf))].sort((a, b) => b.length - a.length);
  return (text) => {
    const literal = spellings.reduce((rest, spelling) => rest.replaceAll(spelling, REDACTED), text);
    return literal.replace(SECRET_MEMBER, `$1"${REDACTED}"`).replace(BEARER, `Bearer ${REDACTED}`);
  };
}

function spellingsOf(secret: string | undefined): readonly string[] {
  const value = secret?.trim() ?? "";
  if (value.length < MIN_SECRET_LENGTH) return [];
  return [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), decoded(value)];
}

/** X hands its tokens out percent-encoded; a server may echo them decoded. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
