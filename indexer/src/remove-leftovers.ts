import type { Indexing } from './build-index.ts';
import { whileBuildingAlone } from './build-lock.ts';
import { indexGenerations } from './index-generations.ts';

/**
 * Removes every index of the alias but the one in use, and gives up what Base C keeps for them: what builds and former
 * indexes have left. Nothing is removed when the alias is on another one by now.
 *
 * @throws AlreadyBuilding while another process builds, whose index is among them
 */
export async function removeLeftovers({ client, alias, source, baseC }: Indexing, inUse: string): Promise<void> {
  const generations = indexGenerations(client, alias);
  await whileBuildingAlone(baseC, alias, async () => {
    if ((await generations.current()) !== inUse) return;
    await generations.removeOthers([inUse]);
    await source.forgetOthers([inUse]);
  });
}
