import { isSameSecret } from "../constructs/storage/token-secret";
import type { WorkerSizeProps } from "../constructs/worker/props";
import type { AnyIngesterSettings } from "./settings";

/** Something that may listen to the filtered stream. */
export interface Listener {
  /** Name in messages. */
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
 * X allows one connection for an app, and a token belongs to one app: X would refuse a second service, or close the
 * connection of the first. A paused service does not connect.
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

/** Text after the path of the secret. */
export function connectionText({ listener, first }: SharedConnection): string {
  return (
    `must be another secret than that of ${first.name}, got "${listener.secretArn}". X allows one connection for an app. ` +
    'Use a token of another X app, put all rules into one of the two, or pause one: worker.run: { mode: "service", desiredCount: 0 }.'
  );
}

function listens({ settings: { source }, worker: { run } }: Listener): boolean {
  return source.mode === "stream" && !(run?.mode === "service" && run.desiredCount === 0);
}
