import { randomBytes } from 'node:crypto';
import type { Client } from '@elastic/elasticsearch';
import type { Cpf } from '@pessoa/domain/cpf';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { connectElasticsearch } from '@pessoa/search-index/elasticsearch-client';
import { ensureStateIndex, type IndexState, keyMarkOf, writeIndexState } from '@pessoa/search-index/index-state';
import { documentIdOf, documentOf, type MovimentacaoLinha } from '@pessoa/search-index/movimentacao-document';
import { createMovimentacaoIndex, newIndexName } from '@pessoa/search-index/movimentacao-index';
import type { Pool } from 'pg';
import { elasticsearchServer } from './servers.ts';

/** A test's own index and alias on the shared Elasticsearch. */
export interface IndexUnderTest {
  readonly client: Client;
  readonly alias: string;
  readonly index: string;
  /** Indexes a person's postings from Base C. Searches find them when the promise resolves. */
  copy(baseC: Pool, cpf: Cpf, change?: (linha: MovimentacaoLinha) => MovimentacaoLinha): Promise<void>;
  /** Writes the state of the index, like the indexer. Default: current now. */
  writeState(state?: Partial<IndexState>): Promise<void>;
  close(): Promise<void>;
}

export async function openIndexUnderTest(cpfHash: CpfHash): Promise<IndexUnderTest> {
  const client = connectElasticsearch({ url: elasticsearchServer(), apiKey: undefined, requestMillis: 30_000 });
  const alias = `pessoa-test-${randomBytes(6).toString('hex')}`;
  const index = newIndexName(alias, new Date());
  await createMovimentacaoIndex(client, index, 'keyset');
  await client.indices.putAlias({ index, name: alias });
  await ensureStateIndex(client, alias);
  return {
    client,
    alias,
    index,
    async copy(baseC, cpf, change = (linha) => linha) {
      const { rows } = await baseC.query<MovimentacaoLinha>('SELECT * FROM movimentacao WHERE cpf = $1', [cpf]);
      const operations = rows.map(change).flatMap((linha) => {
        const document = documentOf(linha, cpfHash);
        return [{ index: { _index: index, _id: documentIdOf(linha.id), routing: document.cpfHash } }, document];
      });
      const { errors, items } = await client.bulk({ operations, refresh: true });
      if (errors) throw new Error(JSON.stringify(items.find((item) => item.index?.error)));
    },
    writeState: (state) =>
      writeIndexState(client, alias, {
        index,
        mode: 'keyset',
        keyMark: keyMarkOf(cpfHash),
        position: '0',
        upToDateAt: new Date().toISOString(),
        unreadablePeople: [],
        ...state,
      }),
    async close() {
      // By name: Elasticsearch refuses to remove indexes by a pattern.
      const indexes = Object.keys(await client.indices.get({ index: `${alias}-*` }));
      await client.indices.delete({ index: indexes });
      await client.close();
    },
  };
}
