/** In the place of cdktf's own in tests: no test reads where a token was made. */
export function captureStackTrace(): string[] {
  return [];
}
