/** The ledger that the processes of a scenario leave, read as the ingester reads it. */
import { openStore } from "../../../ingester/src/commands/store";
import { streamKeyOf } from "../../../ingester/src/commands/stream-task";
import { loadConfig } from "../../../ingester/src/config/config";
import { totalAtRisk, totalSpent } from "../../../ingester/src/ledger/account";
import type { Coverage } from "../../../ingester/src/ledger/coverage";
import { coverageOf, type Ledger } from "../../../ingester/src/ledger/ledger";
import type { LedgerStore } from "../../../ingester/src/loop/ports";

const NO_CAPS = { maxPosts: undefined, maxUsd: undefined };
const NEVER = new AbortController().signal;
const KEY = streamKeyOf({ key: "tweet_stream" });

export class StreamLedger {
  private store: Promise<LedgerStore> | undefined;

  /** @param environment of a process of the scenario, which names the store */
  constructor(private readonly environment: () => NodeJS.ProcessEnv) {}

  /** @returns undefined where there is no ledger yet, or none of the stream in it */
  async coverage(): Promise<Coverage | undefined> {
    const ledger = await this.read();
    return ledger && coverageOf(ledger, KEY);
  }

  /** In posts. */
  async atRisk(): Promise<number> {
    const ledger = await this.read();
    return (ledger && totalAtRisk(ledger.budget).posts) ?? 0;
  }

  /** Spent and at risk, in posts: never below what X bills. */
  async counted(): Promise<number> {
    const ledger = await this.read();
    return ((ledger && totalSpent(ledger.budget).posts) ?? 0) + (await this.atRisk());
  }

  async close(): Promise<void> {
    (await this.store?.catch(() => undefined))?.close();
  }

  private async read(): Promise<Ledger | undefined> {
    this.store ??= this.open();
    return (await (await this.store).read(NEVER))?.ledger;
  }

  private open(): Promise<LedgerStore> {
    const { store } = loadConfig(this.environment(), { caps: NO_CAPS });
    return openStore(store, { observe: () => undefined });
  }
}
