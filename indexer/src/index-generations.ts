import type { Client } from '@elastic/elasticsearch';
import { indexesBehind, indexPrefix, isGenerationOf } from '@pessoa/search-index/movimentacao-index';
import { forgetPosition } from './index-position.ts';

/** The indexes whose names belong to an alias: the index in use, and indexes that builds left behind. */
export interface IndexGenerations {
  /** @returns the index in use @throws Error when the alias points at several indexes */
  current(): Promise<string | undefined>;
  /** Points the alias at this index only, atomically. */
  swap(index: string): Promise<void>;
  /** Removes an index and its stored position. */
  remove(index: string): Promise<void>;
  /** Removes every index of the alias except these. */
  removeOthers(keptIndexes: readonly string[]): Promise<void>;
}

export function indexGenerations(client: Client, alias: string): IndexGenerations {
  const remove = async (index: string): Promise<void> => {
    await client.indices.delete({ index }, { ignore: [404] });
    await forgetPosition(client, alias, index);
  };
  return {
    async current() {
      const names = await indexesBehind(client, alias);
      if (names.length > 1) throw new Error(`the alias ${alias} points at several indexes: ${names.join(', ')}`);
      return names[0];
    },
    async swap(index) {
      const otherIndexes = (await indexesBehind(client, alias)).filter((name) => name !== index);
      await client.indices.updateAliases({
        actions: [...otherIndexes.map((index) => ({ remove: { index, alias } })), { add: { index, alias } }],
      });
    },
    remove,
    async removeOthers(keptIndex) {
      const all = await client.indices.get({ index: `${indexPrefix(alias)}*`, features: ['aliases'] });
      const generations = Object.keys(all).filter((name) => isGenerationOf(alias, name));
      for (const name of generations) if (!keptIndex.includes(name)) await remove(name);
    },
  };
}
