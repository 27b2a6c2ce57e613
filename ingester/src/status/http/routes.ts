/** What the status server answers. */
import { PAGE } from "../page/page";
import type { Status } from "../status";

export interface Answer {
  readonly code: number;
  readonly contentType: string;
  readonly body: string;
}

export type Route = (status: Status) => Answer | Promise<Answer>;

export const HTML_TYPE = "text/html; charset=utf-8";
const JSON_TYPE = "application/json; charset=utf-8";

export function json(code: number, body: object): Answer {
  return { code, contentType: JSON_TYPE, body: `${JSON.stringify(body)}\n` };
}

/** By path. */
export function createRoutes(): ReadonlyMap<string, Route> {
  return new Map<string, Route>([
    ["/", () => ({ code: 200, contentType: HTML_TYPE, body: PAGE })],
    ["/healthz", health],
    ["/readyz", readiness],
    ["/status.json", (status) => json(200, status)],
    ["/metrics", metricsRoute()],
  ]);
}

/** For a supervisor that restarts what is broken: unhealthy only once the loop has ended by an error. */
const health: Route = ({ alive, headline, detail }) =>
  json(alive ? 200 : 503, { status: alive ? "ok" : "failed", state: headline, detail });

/** Whether posts can arrive: canPostsArrive says when they cannot. */
const readiness: Route = ({ ready, headline, detail }) =>
  json(ready ? 200 : 503, { ready, reason: headline, detail });

function metricsRoute(): Route {
  const loading = once(async () => {
    const { PrometheusText } = await import("../reports/prometheus");
    return new PrometheusText();
  });
  return async (status) => {
    const prometheus = await loading();
    return { code: 200, contentType: prometheus.contentType, body: await prometheus.render(status) };
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
