/** Plays many seeds in some processes at a time. */
import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import type { Seen } from "./player";

export interface Seeds {
  readonly first: number;
  readonly count: number;
}

/**
 * @param player bundle of player.ts
 * @param until ends the run early once it is true of a seed
 * @returns what was seen of each seed that was played, in the order in which they ended
 */
export async function playSeeds(
  player: string,
  { first, count }: Seeds,
  until: (seen: Seen) => boolean = () => false,
): Promise<readonly Seen[]> {
  const results: Seen[] = [];
  let next = first;
  let isOver = false;
  const work = async (child: ChildProcess): Promise<void> => {
    while (!isOver && next < first + count) {
      const seed = next;
      next += 1;
      const seen = await answer(child, seed);
      results.push(seen);
      isOver ||= until(seen);
    }
  };
  const children = Array.from({ length: availableParallelism() }, () =>
    fork(player, { execArgv: ["--enable-source-maps"] }),
  );
  try {
    await Promise.all(children.map(work));
  } finally {
    for (const child of children) child.kill();
  }
  return results;
}

function answer(child: ChildProcess, seed: number): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error(`the process that played seed ${seed} has ended`));
    child.once("exit", onExit);
    child.once("message", (seen: Seen) => {
      child.off("exit", onExit);
      resolve(seen);
    });
    child.send(seed);
  });
}
