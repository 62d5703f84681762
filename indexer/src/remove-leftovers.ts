import type { Indexing } from './build-index.ts';
import { whileBuildingAlone } from './build-lock.ts';
import { indexGenerations } from './index-generations.ts';

/**
 * Removes every index of the alias except the one in use, and what Base C keeps for them. Does nothing if the alias points at
 * another index than `inUse`.
 *
 * @throws AlreadyBuilding while another process builds: its index must stay
 */
export async function removeLeftovers({ client, alias, source, baseC }: Indexing, inUse: string): Promise<void> {
  const generations = indexGenerations(client, alias);
  await whileBuildingAlone(baseC, alias, async () => {
    if ((await generations.current()) !== inUse) return;
    await generations.removeOthers([inUse]);
    await source.forgetOthers([inUse]);
  });
}
