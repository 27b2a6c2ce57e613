/**
 * Loaded into the ingester's process before it starts, for a live run: notes the ids of the posts in X's answers as
 * Node's own HTTP client receives them, and sends them to the runner. The ingester's code has no part in it, and its
 * requests stay as they are: address, proxy, TLS and errors are those of a run in AWS.
 */
const { subscribe } = require("node:diagnostics_channel");
const { brotliDecompressSync, gunzipSync, inflateSync } = require("node:zlib");

const X_URL = process.env.X_API_URL?.trim() || "https://api.x.com";
// An address that is none is refused by the ingester itself.
const X_HOST = URL.canParse(X_URL) ? new URL(X_URL).host : undefined;
const DECODERS = { gzip: gunzipSync, br: brotliDecompressSync, deflate: inflateSync };

subscribe("http.client.response.finish", ({ request, response }) => {
  if (request.getHeader("host") !== X_HOST) return;
  process.send({ type: "answer" });
  if (response.statusCode === 200) note(response);
});

function note(response) {
  const chunks = [];
  response.on("data", (chunk) => chunks.push(chunk));
  response.on("end", () => {
    if (response.complete)
      process.send({ type: "posts", ids: idsIn(decoded(response, Buffer.concat(chunks))) });
  });
}

function decoded({ headers }, body) {
  const decode = DECODERS[headers["content-encoding"]];
  return (decode === undefined ? body : decode(body)).toString("utf8");
}

/** Anything but a page of posts has none. */
function idsIn(text) {
  try {
    const { data } = JSON.parse(text);
    return Array.isArray(data) ? data.map(({ id }) => String(id)).filter((id) => /^\d{1,19}$/.test(id)) : [];
  } catch {
    return [];
  }
}
