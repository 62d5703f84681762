import type { Client } from '@elastic/elasticsearch';
import { baseC } from '@pessoa/bases/base-c';
import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { PrismaClient } from '@pessoa/event/generated/prisma/client';
import { elasticsearchMovimentacaoSearch } from '@pessoa/event/movimentacoes/elasticsearch-movimentacao-search';
import type { MovimentacaoSearch } from '@pessoa/event/movimentacoes/movimentacao-search';
import { prismaMovimentacaoSearch } from '@pessoa/event/movimentacoes/prisma-movimentacao-search';
import { documentIdOf, documentOf, type MovimentacaoLinha } from '@pessoa/search-index/movimentacao-document';
import { createMovimentacaoIndex, newIndexName } from '@pessoa/search-index/movimentacao-index';
import { openBase } from '@pessoa/subgraph/base/base';
import pg from 'pg';

export const POSTINGS_PER_PERSON = 500;
const PEOPLE_PER_BATCH = 20;
const LOADERS = 2;
const SEARCH_MILLIS = 30_000;

const cpfHash = cpfHasher(Buffer.alloc(32, 3));
const NAMES = [
  'ana',
  'bruno',
  'carla',
  'diego',
  'elisa',
  'fabio',
  'gisele',
  'heitor',
  'ines',
  'joao',
  'karina',
  'leandro',
];
const FAMILIES = ['silva', 'souza', 'costa', 'santos', 'pereira', 'lima', 'rocha', 'alves', 'gomes', 'ribeiro', 'dias'];

/** The same postings in both stores. */
export interface SearchStores {
  readonly cpfs: readonly Cpf[];
  readonly searches: Readonly<Record<'PostgreSQL' | 'Elasticsearch', MovimentacaoSearch>>;
  close(): Promise<void>;
}

/**
 * Fills an empty, migrated Base C with people of 500 postings each, of the last 360 days before `until`, and copies them
 * into a new index.
 *
 * @param connectionString of the owner of the Base C
 */
export async function fillSearchStores(options: {
  connectionString: string;
  client: Client;
  postings: number;
  until: string;
}): Promise<SearchStores> {
  const { connectionString, client, postings, until } = options;
  const cpfs = Array.from({ length: postings / POSTINGS_PER_PERSON }, (_, i) =>
    cpfFromBase(String(100_000_000 + i * 83)),
  );
  const pool = new pg.Pool({ connectionString, max: LOADERS });
  await fillBaseC(pool, cpfs, until);
  const index = newIndexName(`bench-search-${postings}`, new Date());
  await createMovimentacaoIndex(client, index, 'keyset');
  await copyToIndex(pool, client, index, cpfs);
  const base = openBase({
    url: connectionString,
    fonte: 'evento',
    budget: { acquireMillis: SEARCH_MILLIS, statementMillis: SEARCH_MILLIS },
    contract: baseC.contract,
    createClient: (adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }),
  });
  return {
    cpfs,
    searches: {
      PostgreSQL: prismaMovimentacaoSearch(base),
      Elasticsearch: elasticsearchMovimentacaoSearch({
        client,
        indexName: () => index,
        cpfHash,
        searchMillis: SEARCH_MILLIS,
      }),
    },
    async close() {
      await client.indices.delete({ index });
      await base.close();
      await pool.end();
    },
  };
}

async function fillBaseC(pool: pg.Pool, cpfs: readonly Cpf[], until: string): Promise<void> {
  await pool.query('INSERT INTO titular SELECT unnest($1::text[])', [cpfs]);
  await pool.query(
    `INSERT INTO movimentacao (id, cpf, data_hora, natureza, tipo, valor, situacao, descricao, contraparte, canal, palavras)
     SELECT person || '-' || n, cpf, $2::timestamptz - (n * 62000 + person % 60000) * interval '1 second',
            CASE n % 3 WHEN 0 THEN 'CREDITO' ELSE 'DEBITO' END, CASE n % 2 WHEN 0 THEN 'PIX' ELSE 'TED' END,
            (n * 7919 + person) % 900000 / 100.0, 'TRANSACAO_EFETIVADA', 'Transferência ' || n, name || ' ' || family, 'APP',
            ARRAY['transferencia', n::text, name, family]
     FROM unnest($1::text[]) WITH ORDINALITY AS one (cpf, person), generate_series(1, ${POSTINGS_PER_PERSON}) AS n,
          LATERAL (SELECT ($3::text[])[1 + (person + n * 5) % $5] AS name, ($4::text[])[1 + (person * 3 + n) % $6] AS family) AS who`,
    [cpfs, until, NAMES, FAMILIES, NAMES.length, FAMILIES.length],
  );
  await pool.query('VACUUM ANALYZE movimentacao');
}

async function copyToIndex(pool: pg.Pool, client: Client, index: string, cpfs: readonly Cpf[]): Promise<void> {
  let next = 0;
  const load = async (): Promise<void> => {
    for (let people = take(); people.length > 0; people = take()) {
      const { rows } = await pool.query<MovimentacaoLinha>('SELECT * FROM movimentacao WHERE cpf = ANY ($1)', [people]);
      const operations = rows.flatMap((row) => {
        const document = documentOf(row, cpfHash);
        return [{ index: { _index: index, _id: documentIdOf(row.id), routing: document.cpfHash } }, document];
      });
      const { errors } = await client.bulk({ operations });
      if (errors) throw new Error('a posting was not indexed');
    }
  };
  const take = (): readonly Cpf[] => cpfs.slice(next, (next += PEOPLE_PER_BATCH));
  await Promise.all(Array.from({ length: LOADERS }, load));
  await client.indices.refresh({ index });
}
