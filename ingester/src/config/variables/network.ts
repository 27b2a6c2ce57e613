import type { Variable } from "./variable";

const PROXY = {
  allowed: "an `http://` or `https://` URL, with percent-encoded `user:password@` where the proxy needs it",
} as const;

/** Variables of proxies. runtime/proxy.ts reads them, in upper and in lower case. */
export const NETWORK = {
  HTTPS_PROXY: {
    meaning: "proxy for https targets, through CONNECT",
    text: PROXY,
    shownDefault: "`ALL_PROXY`",
  },
  HTTP_PROXY: { meaning: "proxy for http targets", text: PROXY, shownDefault: "`ALL_PROXY`" },
  ALL_PROXY: { meaning: "proxy for both", text: PROXY, shownDefault: "none" },
  NO_PROXY: {
    meaning: "targets that are connected directly",
    text: {
      allowed: "`host`, `.suffix` or `*.suffix`, comma-separated, any of them with `:port`; `*` for all",
    },
    shownDefault: "none",
  },
} as const satisfies Record<string, Variable>;
