import { isSameSecret } from "../constructs/storage/token-secret";
import type { WorkerSizeProps } from "../constructs/worker/props";
import type { AnyIngesterSettings } from "./settings";

/** Something that may listen to the filtered stream. */
export interface Listener {
  /** How a message calls it. */
  readonly name: string;
  /** ARN of the token's secret, full or partial. */
  readonly secretArn: string;
  readonly settings: Pick<AnyIngesterSettings, "source">;
  readonly worker: Pick<WorkerSizeProps, "run">;
}

/** Two listeners that would connect with one token. */
export interface SharedConnection {
  readonly listener: Listener;
  readonly first: Listener;
}

/**
 * X allows one connection for an app, and a token belongs to one app: a second service would be turned away, or end the
 * first one's connection. What is paused makes none.
 */
export function sharedConnections(listeners: readonly Listener[]): SharedConnection[] {
  const listening = listeners.filter(listens);
  return listening.flatMap((listener, index) => {
    const first = listening
      .slice(0, index)
      .find(({ secretArn }) => isSameSecret(secretArn, listener.secretArn));
    return first === undefined ? [] : [{ listener, first }];
  });
}

/** Continues the place of the secret. */
export function connectionText({ listener, first }: SharedConnection): string {
  return (
    `must be another secret than that of ${first.name}, got "${listener.secretArn}". X allows one connection for an app. ` +
    'Use a token of another X app, put all rules into one of the two, or pause one: worker.run: { mode: "service", desiredCount: 0 }.'
  );
}

function listens({ settings: { source }, worker: { run } }: Listener): boolean {
  return source.mode === "stream" && !(run?.mode === "service" && run.desiredCount === 0);
}
