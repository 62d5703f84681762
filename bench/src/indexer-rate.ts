import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@elastic/elasticsearch';
import { ensureEmbeddedBases } from '@pessoa/databases/embedded/embedded-bases';
import { startPostgres } from '@pessoa/databases/embedded/postgres-cluster';
import { applyMigrations } from '@pessoa/databases/migrations';
import { cpfFromBase } from '@pessoa/domain/cpf';
import { baseRows } from '@pessoa/indexer/base-rows';
import { buildIndex } from '@pessoa/indexer/build-index';
import { indexGenerations } from '@pessoa/indexer/index-generations';
import { type OpenIndexing, openIndexing } from '@pessoa/indexer/open-indexing';
import { documentIdOf, documentOf, type MovimentacaoDocument } from '@pessoa/search-index/movimentacao-document';
import { createMovimentacaoIndex } from '@pessoa/search-index/movimentacao-index';
import { takeNoArguments } from '@pessoa/service/processes/command-line';
import pg from 'pg';
import { median, secondsOf } from './measurements.ts';
import { root } from './system.ts';

const PEOPLE = 2_000;
const ROWS = 500_000;
const ROUNDS = 3;
const ALIAS = 'pessoa-bench-indexer';

takeNoArguments({
  name: 'npm run bench:indexer',
  about:
    "Compares the indexer's build with the client's bulk helper, in postings a second, with Elasticsearch at ELASTICSEARCH_URL.",
  options: {},
});

/**
 * The indexer's build reads Base C, makes documents, writes them with versions, brings them up to date and swaps the alias.
 * The client's `helpers.bulk` gets the same documents from memory and writes them into an index with the same mapping. The
 * two run in turns.
 */
const url = process.env['ELASTICSEARCH_URL'] || 'http://127.0.0.1:9200';
const home = join(root, '.pessoa', 'bench-indexer');
await mkdir(home, { recursive: true });
const cluster = await startPostgres({ home, settings: { max_wal_size: '4GB' } });
try {
  const urlOf = await ensureEmbeddedBases(cluster);
  await applyMigrations(urlOf('base_c_owner'), join(root, 'subgraphs', 'event', 'prisma', 'migrations'));
  await fillBaseC(urlOf('base_c_owner'));
  const indexing = openIndexing({
    baseC: { url: urlOf('base_c_reader') },
    follow: { mode: 'keyset', replicationUrl: undefined },
    elasticsearch: { url, apiKey: undefined },
    alias: ALIAS,
    cpfHashKey: new Uint8Array(32),
  });
  try {
    const rounds: { indexerRate: number; helperRate: number }[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      let documents = await documentsOf(indexing);
      const helperRate = ROWS / (await secondsOf(() => writeByHelper(indexing.client, documents)));
      documents = []; // the indexer does not hold them, so its garbage collector must not scan them
      const indexerRate = ROWS / (await secondsOf(() => buildIndex(indexing)));
      await removeAll(indexing.client);
      if (round > 0) rounds.push({ indexerRate, helperRate }); // round 0 is the warm-up
    }
    const figure = (pick: (round: (typeof rounds)[number]) => number): string => median(rounds.map(pick)).toFixed(0);
    const ratio = median(rounds.map(({ indexerRate, helperRate }) => indexerRate / helperRate));
    console.log(
      `indexer: ${figure((round) => round.indexerRate)} postings/s from Base C, helpers.bulk from memory ${figure((round) => round.helperRate)}, ratio ${ratio.toFixed(2)} (${ROWS} postings, median of ${ROUNDS})`,
    );
  } finally {
    await indexing.close();
  }
} finally {
  await cluster.stop();
  await rm(home, { recursive: true, force: true });
  await rm(cluster.place.home, { recursive: true, force: true });
}

async function fillBaseC(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const cpfs = Array.from({ length: PEOPLE }, (_, index) => cpfFromBase(String(330_000_000 + index)));
  await client.query('INSERT INTO titular SELECT unnest($1::bpchar[])', [cpfs]);
  await client.query(
    `INSERT INTO movimentacao (id, cpf, data_hora, natureza, tipo, valor, descricao, canal, instituicao_nome,
                               instituicao_ispb, instituicao_compe, situacao, contraparte, saldo_apos, palavras)
     SELECT 'mov-' || lpad(n::text, 12, '0'), ($1::text[])[1 + n % $2], timestamptz '2026-11-20 12:00Z' - n * interval '1 minute',
            (ARRAY['CREDITO', 'DEBITO'])[1 + n % 2], (ARRAY['PIX', 'TED', 'BOLETO', 'SAQUE'])[1 + n % 4], n % 500000 / 100.0,
            'Pagamento de teste ' || n, 'INTERNET', 'Banco Fictício', '00000000', '001', 'TRANSACAO_EFETIVADA',
            'Contraparte Fictícia ' || n % 977, n % 900000 / 100.0,
            ARRAY['pagamento', 'de', 'teste', n::text, 'contraparte', 'ficticia', (n % 977)::text]
     FROM generate_series(1, $3::int) n`,
    [cpfs, PEOPLE, ROWS],
  );
  await client.query('VACUUM ANALYZE movimentacao');
  await client.end();
}

interface IndexableDocument {
  readonly id: string;
  readonly document: MovimentacaoDocument;
}

async function documentsOf({ baseC, cpfHash }: OpenIndexing): Promise<IndexableDocument[]> {
  const documents: IndexableDocument[] = [];
  for await (const linhas of baseRows(baseC)) {
    for (const linha of linhas) documents.push({ id: documentIdOf(linha.id), document: documentOf(linha, cpfHash) });
  }
  return documents;
}

async function writeByHelper(client: Client, documents: readonly IndexableDocument[]): Promise<void> {
  const index = `${ALIAS}-helpers`;
  await createMovimentacaoIndex(client, index, 'keyset');
  await client.indices.putSettings({ index, settings: { refresh_interval: '-1' } });
  const { successful } = await client.helpers.bulk<IndexableDocument>({
    datasource: [...documents],
    onDocument: ({ id, document }) => [
      { index: { _index: index, _id: id, routing: document.cpfHash } },
      document as never,
    ],
  });
  if (successful !== documents.length) throw new Error(`${successful} of ${documents.length} were written`);
  await client.indices.refresh({ index });
}

async function removeAll(client: Client): Promise<void> {
  await client.indices.delete({ index: [`${ALIAS}-helpers`, `${ALIAS}-state`] });
  await indexGenerations(client, ALIAS).removeOthers([]);
}
