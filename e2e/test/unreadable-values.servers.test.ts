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
/** A posting that no index of ours holds. */
const TOO_LARGE = 'x'.repeat(9_000_000);

describe('A posting that the index cannot hold', () => {
  let event: EventUnderTest;
  let under: IndexerUnderTest;
  beforeAll(async () => {
    const key = Buffer.alloc(32, 5).toString('base64url');
    under = await openIndexerUnderTest({ BASE_C_URL: 'postgres://nobody@127.0.0.1:1/none', CPF_HASH_KEY: key });
    event = await startEventUnderTest({
      env: { CPF_HASH_KEY: key, ELASTICSEARCH_URL: under.env['ELASTICSEARCH_URL']!, SEARCH_ALIAS: under.config.alias, SEARCH_MILLIS: '3000', SEARCH_LAG_MAX_SECONDS: '3600' },
    }); // prettier-ignore
    await under.close();
    under = await openIndexerUnderTest({
      BASE_C_URL: event.bases.baseC.readerUrl,
      CPF_HASH_KEY: key,
      SEARCH_ALIAS: under.config.alias,
    });
  });
  afterAll(async () => {
    await under.close();
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

  it('costs nobody a posting: its person is answered by Base C, others by the index; mended, it comes from the index', async () => {
    const { owner } = event.bases.baseC;
    const [ana, bia] = [await addTitular(owner), await addTitular(owner)];
    await addMovimentacoes(owner, ana, { id: 'ana-1' }, { id: 'ana-2' });
    await addMovimentacoes(owner, bia, { id: 'bia-1' });
    const service = await under.start();
    await under.caughtUp();
    await owner.query("UPDATE movimentacao SET descricao = $1 WHERE id = 'ana-2'", [TOO_LARGE]);
    await under.caughtUp();
    const { client, cpfHash } = under.indexing;
    expect(await readIndexState(client, under.config.alias)).toMatchObject({ unreadablePeople: [cpfHash(ana)] });
    await sleep(1_500); // Event looks each second
    const before = await answers();
    expect(await idsOf(ana)).toEqual(['ana-2', 'ana-1']);
    expect(await idsOf(bia)).toEqual(['bia-1']);
    const after = await answers();
    expect(after['unreadable']).toBeGreaterThan(before['unreadable'] ?? 0);
    expect(after['current']).toBeGreaterThan(before['current'] ?? 0);
    const line = under.logLines().find((one) => one.includes('cannot be indexed'));
    expect(JSON.parse(line!)).toMatchObject({ lancamento: 'ana-2', motivo: 'is larger than 8 MiB' });
    expect(await (await fetch(`${service.metricsUrl}/metrics`)).text()).toMatch(
      /^pessoa_index_unreadable_total\{.*\} [1-9]/m,
    );
    expect(under.logLines().join('')).not.toContain(ana);

    const compared = await compareIndex(under.indexing);
    expect(compared.unreadable).toEqual(['ana-2']);
    expect(await findDifferences(under.indexing, compared.indexName, compared.different, { settleMillis: 0 })).toEqual(
      [],
    );

    // A build names the person too; and it is no longer so once the row is mended.
    await service.close();
    await sleep(1_100);
    await buildIndex(under.indexing);
    expect(await readIndexState(client, under.config.alias)).toMatchObject({ unreadablePeople: [cpfHash(ana)] });
    await owner.query("UPDATE movimentacao SET descricao = 'curta' WHERE id = 'ana-2'");
    await under.start();
    while ((await readIndexState(client, under.config.alias))!.unreadablePeople.length > 0) await sleep(100);
    expect((await compareIndex(under.indexing)).unreadable).toEqual([]);
  });

  it('is said by index:check, and so is what is no document of ours: it goes on and finds the difference', async () => {
    const { client, cpfHash } = under.indexing;
    const cpf = await addTitular(event.bases.baseC.owner);
    await addMovimentacoes(event.bases.baseC.owner, cpf, { id: 'est-1' });
    await under.caughtUp();
    const { indexName } = await compareIndex(under.indexing);
    await client.index({ index: indexName, id: 'est-2', routing: cpfHash(cpf), document: { cpfHash: cpfHash(cpf), id: 'est-2', dataHora: null, tipo: ['a', 'b'] }, refresh: true }); // prettier-ignore
    const { foreign, different } = await compareIndex(under.indexing);
    expect(foreign).toEqual(['est-2']);
    expect(await findDifferences(under.indexing, indexName, different, { settleMillis: 0 })).toMatchObject([
      { kind: 'surplus', id: 'est-2' },
    ]);
  });
});
