import { setTimeout as sleep } from 'node:timers/promises';
import type { Cpf } from '@pessoa/domain/cpf';
import { buildIndex } from '@pessoa/indexer/build-index';
import { compareIndex } from '@pessoa/indexer/index-check';
import { findDifferences } from '@pessoa/indexer/index-differences';
import { readIndexState } from '@pessoa/search-index/index-state';
import { addMovimentacoes, addTitular } from '@pessoa/testkit/base-c-rows';
import { type IndexerUnderTest, openIndexerUnderTest } from '../../indexer/test/indexer-under-test.ts';
import { type EventUnderTest, startEventUnderTest } from '../../subgraphs/event/test/event-under-test.ts';

const LIST = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { movimentacaoFinanceira { totalCount nodes { id } } } } }`;
/** A posting that the index cannot store. */
const TOO_LARGE = 'x'.repeat(9_000_000);

describe('A posting that the index cannot store', () => {
  let event: EventUnderTest;
  let indexerUnderTest: IndexerUnderTest;
  beforeAll(async () => {
    const key = Buffer.alloc(32, 5).toString('base64url');
    indexerUnderTest = await openIndexerUnderTest({
      BASE_C_URL: 'postgres://nobody@127.0.0.1:1/none',
      CPF_HASH_KEY: key,
    });
    event = await startEventUnderTest({
      env: { CPF_HASH_KEY: key, ELASTICSEARCH_URL: indexerUnderTest.env['ELASTICSEARCH_URL']!, SEARCH_ALIAS: indexerUnderTest.config.alias, SEARCH_MILLIS: '3000', SEARCH_LAG_MAX_SECONDS: '3600' },
    }); // prettier-ignore
    await indexerUnderTest.close();
    indexerUnderTest = await openIndexerUnderTest({
      BASE_C_URL: event.bases.baseC.readerUrl,
      CPF_HASH_KEY: key,
      SEARCH_ALIAS: indexerUnderTest.config.alias,
    });
  });
  afterAll(async () => {
    await indexerUnderTest.close();
    await event.close();
  });

  const answers = async (): Promise<Record<string, number>> => {
    const text = await (await fetch(`${event.metricsUrl}/metrics`)).text();
    return Object.fromEntries([...text.matchAll(/^pessoa_search_answers_total\{.*reason="(\w+)".*\} (\d+)$/gm)].map(([, reason, n]) => [reason!, Number(n)])); // prettier-ignore
  };
  const idsOf = async (cpf: Cpf): Promise<string[]> => {
    const { body } = await event.ask(LIST, { cpf });
    expect(body.errors).toBeUndefined();
    const list = body.data?.['pessoa']?.['eventos']?.['movimentacaoFinanceira'] as unknown as {
      nodes: { id: string }[];
    };
    return list.nodes.map(({ id }) => id);
  };

  it('is answered from Base C like all of its person, other people from the index; once repaired, from the index', async () => {
    const { owner } = event.bases.baseC;
    const [ana, bia] = [await addTitular(owner), await addTitular(owner)];
    await addMovimentacoes(owner, ana, { id: 'ana-1' }, { id: 'ana-2' });
    await addMovimentacoes(owner, bia, { id: 'bia-1' });
    const service = await indexerUnderTest.start();
    await indexerUnderTest.caughtUp();
    await owner.query("UPDATE movimentacao SET descricao = $1 WHERE id = 'ana-2'", [TOO_LARGE]);
    await indexerUnderTest.caughtUp();
    const { client, cpfHash } = indexerUnderTest.indexing;
    expect(await readIndexState(client, indexerUnderTest.config.alias)).toMatchObject({
      unreadablePeople: [cpfHash(ana)],
    });
    const before = await answers();
    // Event reads the state every second.
    const isAsked = async (): Promise<boolean> => (await answers())['unreadable'] !== before['unreadable'];
    do {
      expect(await idsOf(ana)).toEqual(['ana-2', 'ana-1']);
      await sleep(100);
    } while (!(await isAsked()));
    expect(await idsOf(bia)).toEqual(['bia-1']);
    const after = await answers();
    expect(after['unreadable']).toBeGreaterThan(before['unreadable'] ?? 0);
    expect(after['current']).toBeGreaterThan(before['current'] ?? 0);
    const line = indexerUnderTest.logLines().find((candidate) => candidate.includes('cannot be indexed'));
    expect(JSON.parse(line!)).toMatchObject({ lancamento: 'ana-2', motivo: 'is larger than 8 MiB' });
    expect(await (await fetch(`${service.metricsUrl}/metrics`)).text()).toMatch(
      /^pessoa_index_unreadable_total\{.*\} [1-9]/m,
    );
    expect(indexerUnderTest.logLines().join('')).not.toContain(ana);

    const compared = await compareIndex(indexerUnderTest.indexing);
    expect(compared.unreadable).toEqual(['ana-2']);
    expect(
      await findDifferences(indexerUnderTest.indexing, compared.indexName, compared.different, { settleMillis: 0 }),
    ).toEqual([]);

    // A build names the person too. A repaired row removes the name.
    await service.close();
    await sleep(1_100);
    await buildIndex(indexerUnderTest.indexing);
    expect(await readIndexState(client, indexerUnderTest.config.alias)).toMatchObject({
      unreadablePeople: [cpfHash(ana)],
    });
    await owner.query("UPDATE movimentacao SET descricao = 'curta' WHERE id = 'ana-2'");
    await indexerUnderTest.start();
    while ((await readIndexState(client, indexerUnderTest.config.alias))!.unreadablePeople.length > 0) await sleep(100);
    expect((await compareIndex(indexerUnderTest.indexing)).unreadable).toEqual([]);
  });

  it('is reported by index:check, like an invalid document; the check goes on and finds the difference', async () => {
    const { client, cpfHash } = indexerUnderTest.indexing;
    const cpf = await addTitular(event.bases.baseC.owner);
    await addMovimentacoes(event.bases.baseC.owner, cpf, { id: 'est-1' });
    await indexerUnderTest.caughtUp();
    const { indexName } = await compareIndex(indexerUnderTest.indexing);
    await client.index({ index: indexName, id: 'est-2', routing: cpfHash(cpf), document: { cpfHash: cpfHash(cpf), id: 'est-2', dataHora: null, tipo: ['a', 'b'] }, refresh: true }); // prettier-ignore
    const { foreign, different } = await compareIndex(indexerUnderTest.indexing);
    expect(foreign).toEqual(['est-2']);
    expect(await findDifferences(indexerUnderTest.indexing, indexName, different, { settleMillis: 0 })).toMatchObject([
      { kind: 'surplus', id: 'est-2' },
    ]);
  });
});
