/**
 * Loaded into the ingester's process before it starts: ends it when the runner is gone without having
 * stopped it (kill -9). The local X and Firehose are gone then too, so there is nothing left to finish,
 * and an ingester left behind would keep the checkpoint locked. It survives its own kill -9 by design.
 */
process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.channel?.unref();
