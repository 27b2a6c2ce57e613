const DETAIL = "This stream has been disconnected upstream for operational reasons.";

/** X's in-stream error before it ends a stream, as it is and as it was spelled before. */
export const OPERATIONAL_DISCONNECTS = {
  upstream: {
    title: "operational-disconnect",
    disconnect_type: "UpstreamOperationalDisconnect",
    detail: DETAIL,
    type: "https://api.x.com/2/problems/operational-disconnect",
  },
  older: {
    title: "operational-disconnect",
    disconnect_type: "OperationalDisconnect",
    detail: DETAIL,
    type: "https://api.twitter.com/2/problems/operational-disconnect",
  },
} as const;

/** A message of a type that no client can know yet. */
export const UNKNOWN_MESSAGE = {
  system_notice: { kind: "capacity", message: "This stream is about to move." },
};

const INTERNAL_ERROR = {
  title: "Internal Error",
  detail: "One record could not be written.",
  type: "https://api.x.com/2/problems/internal-error",
};

/** In-stream errors as one line. @param errors default: an internal error */
export function errorLine(errors: readonly object[] = [INTERNAL_ERROR]): string {
  return JSON.stringify({ errors });
}
