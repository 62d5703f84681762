import { setTimeout as sleep } from 'node:timers/promises';
import type { Cpf } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { addMovimentacoes, addTitular } from '@pessoa/testkit/base-c-rows';
import { type ElasticsearchRelay, type SearchAnswer, type SearchFault, startElasticsearchRelay } from '@pessoa/testkit/elasticsearch-relay'; // prettier-ignore
import { type IndexUnderTest, openIndexUnderTest } from '@pessoa/testkit/index-under-test';
import { elasticsearchServer } from '@pessoa/testkit/servers';
import { lockTable } from '@pessoa/testkit/table-lock';
import { type EventUnderTest, startEventUnderTest } from '../event-under-test.ts';

const KEY = Buffer.alloc(32, 9);
const cpfHash = cpfHasher(KEY);
const LIST = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos {
  movimentacaoFinanceira { totalCount totalExato nodes { id contraparte } } ultimaCompraCartao { id } } } }`;

/** The list as one of the stores gives it. The tests write another counterparty into the index than Base C has. */
const listFrom = (store: 'índice' | 'Base C', ids: string[]) => ({
  totalCount: ids.length,
  totalExato: true,
  nodes: ids.map((id) => ({ id, contraparte: store })),
});

describe('Postings with an index', () => {
  let index: IndexUnderTest;
  let relay: ElasticsearchRelay;
  let event: EventUnderTest;

  const open = async () => {
    index = await openIndexUnderTest(cpfHash);
    relay = await startElasticsearchRelay(elasticsearchServer());
    await index.writeState({ upToDateAt: inSeconds(60) });
  };
  const close = async () => {
    await event.close();
    await relay.close();
    await index.close();
  };

  const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();
  const start = async (env: Record<string, string> = {}) => {
    event = await startEventUnderTest({
      env: {
        CPF_HASH_KEY: KEY.toString('base64url'),
        ELASTICSEARCH_URL: relay.url,
        SEARCH_ALIAS: index.alias,
        SEARCH_MILLIS: '3000',
        SEARCH_LAG_MAX_SECONDS: '3600',
        ...env,
      },
    });
  };
  /** Adds a person with postings to Base C and to the index. In each, the counterparty names the store. */
  const addPerson = async (...ids: string[]): Promise<Cpf> => {
    const { owner } = event.bases.baseC;
    const cpf = await addTitular(owner);
    await addMovimentacoes(owner, cpf, ...ids.map((id) => ({ id: `${cpf}-${id}`, contraparte: 'Base C' })));
    await index.copy(owner, cpf, (row) => ({ ...row, contraparte: 'índice' }));
    return cpf;
  };
  const listOf = async (cpf: Cpf) => {
    const { body } = await event.ask(LIST, { cpf });
    return {
      list: body.data?.['pessoa']?.['eventos']?.['movimentacaoFinanceira'] as unknown,
      errors: body.errors?.map(({ path, extensions }) => ({ path: path!.join('.'), code: extensions?.code })),
    };
  };
  const idsOf = (cpf: Cpf) => [`${cpf}-c`, `${cpf}-b`, `${cpf}-a`];
  const answerCounters = async (): Promise<string[]> => {
    const exposition = await (await fetch(`${event.metricsUrl}/metrics`)).text();
    return [...exposition.matchAll(/^pessoa_search_answers_total\{(.*),service="event"\} (\d+)$/gm)].map(
      ([, labels, value]) => `${labels} ${value}`,
    );
  };

  const answerCountOf = async (engine: string, reason: string): Promise<number> => {
    const line = (await answerCounters()).find((counter) =>
      counter.startsWith(`engine="${engine}",reason="${reason}" `),
    );
    return Number(line?.split(' ')[1] ?? 0);
  };

  const changed = (change: (answer: SearchAnswer) => unknown): SearchFault => ({ kind: 'changed', change });
  /** The answer without its last posting: a list made of it would lack one. */
  const withoutLast = (answer: SearchAnswer, extra: Partial<SearchAnswer>): unknown => ({
    ...answer,
    hits: { ...answer.hits, hits: answer.hits.hits.slice(0, -1), ...(answer.hits.total && { total: { value: 2 } }) },
    ...extra,
  });
  // As Elasticsearch 8.19 answered for an index that was red.
  const RED = {
    error: {
      root_cause: [],
      type: 'search_phase_execution_exception',
      reason: '',
      phase: 'query',
      grouped: true,
      failed_shards: [],
      caused_by: {
        type: 'search_phase_execution_exception',
        reason: 'Search rejected due to missing shards [[movimentacao][2]]. Consider using `allow_partial_search_results` setting to bypass this error.',
        phase: 'query',
        grouped: true,
        failed_shards: [],
      },
    },
    status: 503,
  }; // prettier-ignore

  describe('with a fault of Elasticsearch', () => {
    beforeAll(async () => {
      await open();
      await start({ SEARCH_MILLIS: '1500' });
    });
    afterAll(close);

    it.each<[string, string, SearchFault]>([
    ['is killed', 'unavailable', { kind: 'cut' }],
    ['hangs', 'slow', { kind: 'hung' }],
    ['is slow', 'slow', { kind: 'slow', millis: 8_000 }],
    ['begins an answer and never ends it', 'slow', { kind: 'trickle' }],
    ['dies within an answer', 'unavailable', { kind: 'halved' }],
    ['is red', 'unavailable', { kind: 'answers', status: 503, body: JSON.stringify(RED) }],
    ['is overloaded', 'unavailable', { kind: 'answers', status: 429, body: '{"error":{"type":"es_rejected_execution_exception"},"status":429}' }],
    ['refuses our key', 'unavailable', { kind: 'answers', status: 401, body: '{"error":{"type":"security_exception"},"status":401}' }],
    ['lost the index', 'unavailable', { kind: 'answers', status: 404, body: '{"error":{"type":"index_not_found_exception"},"status":404}' }],
    ['answers with a page of a proxy', 'invalid', { kind: 'answers', status: 200, body: '<html>proxy</html>' }],
    ['answers with an empty body', 'invalid', { kind: 'answers', status: 200, body: '' }],
    ['answers another question', 'invalid', { kind: 'answers', status: 200, body: '{"ok":true}' }],
    ['is another product', 'invalid', { kind: 'answers', status: 200, body: '{"ok":true}', product: false }],
    ['ran out of time with a part of the postings', 'slow', changed((answer) => withoutLast(answer, { timed_out: true }))],
    ['stopped early with a part of the postings', 'slow', changed((answer) => withoutLast(answer, { terminated_early: true }))],
    ['lost a shard', 'unavailable', changed((answer) => withoutLast(answer, { _shards: { total: 4, successful: 3, failed: 1 } }))],
    ['counts a shard that did not answer', 'unavailable', changed((answer) => withoutLast(answer, { _shards: { total: 2, successful: 1, failed: 0 } }))],
    ['has no shards', 'unavailable', changed((answer) => withoutLast(answer, { _shards: { total: 0, successful: 0, failed: 0 } }))],
    ['gives postings of another person', 'invalid', changed((answer) => ({ ...answer, hits: { hits: answer.hits.hits.map((hit) => ({ _source: { ...hit._source, cpfHash: 'x' } })) } }))],
  ])('come completely from Base C when Elasticsearch %s', async (_, reason, fault) => {
      const cpf = await addPerson('a', 'b', 'c');
      const countBefore = await answerCountOf('base_c', reason);
      relay.fail(fault);
      expect(await listOf(cpf)).toEqual({ list: listFrom('Base C', idsOf(cpf)), errors: undefined });
      expect((await answerCountOf('base_c', reason)) - countBefore).toBe(2);
      relay.fail(undefined);
      // Two lists, so that the breaker sees more answers than failures.
      for (let i = 0; i < 2; i++) {
        expect(await listOf(cpf)).toEqual({ list: listFrom('índice', idsOf(cpf)), errors: undefined });
      }
    }); // prettier-ignore
  });

  describe('with an index of the test’s own', () => {
    beforeEach(open);
    afterEach(close);

    it('come from the current index: one request a page or total for any number of people, and one shard a person', async () => {
      await start();
      const people = [await addPerson('a', 'b', 'c'), await addPerson('a', 'b', 'c')];
      expect(await listOf(people[0]!)).toEqual({ list: listFrom('índice', idsOf(people[0]!)), errors: undefined });
      expect(await answerCounters()).toEqual(['engine="elasticsearch",reason="current" 2']);
      const metrics = await (await fetch(`${event.metricsUrl}/metrics`)).text();
      expect(metrics).toMatch(/^pessoa_search_index_lag_seconds\{service="event"\} -\d/m); // the test's indexer is ahead of the clock
      const searchesBefore = relay.searches();
      const shards: number[] = [];
      relay.fail(
        changed((answer) => {
          shards.push(...answer.responses.map(({ _shards }) => _shards.total));
          return answer;
        }),
      );
      const { body } = await event.ask(
        `query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { eventos { movimentacaoFinanceira { nodes { contraparte } } } } }`,
        { cpf: people[0]!, variables: { cpf: undefined, cpfs: people }, token: { consentimento: people } },
      );
      expect(body).toEqual({
      data: { pessoas: people.map(() => ({ eventos: { movimentacaoFinanceira: { nodes: [{ contraparte: 'índice' }, { contraparte: 'índice' }, { contraparte: 'índice' }] } } })) },
    }); // prettier-ignore
      expect(relay.searches() - searchesBefore).toBe(1);
      expect(shards).toEqual([1, 1]); // of the index's four
    });

    it('come completely from Base C for all people when the search for one of them failed', async () => {
      await start();
      const people = [await addPerson('a', 'b', 'c'), await addPerson('a', 'b', 'c')];
      relay.fail(changed((answer) => ({ ...answer, responses: [answer.responses[0], RED] })));
      const { body } = await event.ask(
        `query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { eventos { movimentacaoFinanceira { nodes { contraparte } } } } }`,
        { cpf: people[0]!, variables: { cpf: undefined, cpfs: people }, token: { consentimento: people } },
      );
      expect(JSON.stringify(body).match(/Base C/g)).toHaveLength(6);
      expect(JSON.stringify(body)).not.toContain('índice');
    });

    it.each<[string, () => Promise<unknown>]>([
      ['wrote no state', () => index.client.delete({ index: `${index.alias}-state`, id: 'follower' })],
      ['is of another version, and its state has no version', writeStateWithoutVersion],
      ['is too far behind', () => index.writeState({ upToDateAt: inSeconds(-7_200) })],
      ['has a clock that is hours ahead', () => index.writeState({ upToDateAt: inSeconds(7_200) })],
      ['built the index with another key', () => index.writeState({ keyMark: 'outra' })],
      ['follows another index than the alias names', () => index.writeState({ index: `${index.index}1` })],
      ['follows an index that shares its alias', () => addToAlias(`${index.index}2`)],
      ['follows an index of another version', () => moveTo(`${index.alias}-v999-20260101000000`)],
      [
        'follows an index without an alias',
        () => index.client.indices.deleteAlias({ index: index.index, name: index.alias }),
      ],
    ])('come from Base C, and Elasticsearch is not searched, when the indexer %s', async (_, change) => {
      await change();
      await start();
      const cpf = await addPerson('a', 'b', 'c');
      expect(await listOf(cpf)).toEqual({ list: listFrom('Base C', idsOf(cpf)), errors: undefined });
      expect(await answerCounters()).toEqual(['engine="base_c",reason="stale" 2']);
      expect(relay.searches()).toBe(0);
    });

    async function writeStateWithoutVersion(): Promise<void> {
      const stateIndex = `${index.alias}-state`;
      const { _source: document } = await index.client.get<object>({ index: stateIndex, id: 'follower' });
      await index.client.index({ index: stateIndex, id: 'follower', document: { ...document, version: undefined } });
    }
    async function addToAlias(name: string): Promise<void> {
      await index.client.indices.create({ index: name, settings: { number_of_replicas: 0 } });
      await index.client.indices.putAlias({ index: name, name: index.alias });
    }
    async function moveTo(name: string): Promise<void> {
      await index.client.indices.deleteAlias({ index: index.index, name: index.alias });
      await addToAlias(name);
      await index.writeState({ index: name, upToDateAt: inSeconds(60) });
    }

    it('come from Base C once the indexer has been silent for too long, and then from the index again', async () => {
      await start({ SEARCH_LAG_MAX_SECONDS: '4' });
      const cpf = await addPerson('a', 'b', 'c');
      await eventually(async () => {
        await index.writeState({ upToDateAt: inSeconds(0) });
        expect((await listOf(cpf)).list).toEqual(listFrom('índice', idsOf(cpf)));
      });
      await eventually(async () => expect((await listOf(cpf)).list).toEqual(listFrom('Base C', idsOf(cpf))));
      await index.writeState({ upToDateAt: inSeconds(3) });
      await eventually(async () => expect((await listOf(cpf)).list).toEqual(listFrom('índice', idsOf(cpf))));
      const changes = event.environment.logLines().filter((line) => line.includes('postings come from'));
      expect(changes.slice(-2).map((line) => line.includes('come from Base C'))).toEqual([true, false]);
    });

    it('are FONTE_LENTA within the time of both when neither the index nor Base C answers, and nothing else fails', async () => {
      await start({ SEARCH_MILLIS: '300', BASE_C_ACQUIRE_MILLIS: '300', BASE_C_STATEMENT_MILLIS: '900' });
      const cpf = await addPerson('a', 'b', 'c');
      await listOf(cpf); // opens the connections
      relay.fail({ kind: 'hung' });
      const release = await lockTable(event.bases.baseC.owner, 'movimentacao');
      const answer = await listOf(cpf);
      await release();
      expect(answer.list).toBeNull();
      expect(answer.errors).toEqual([{ path: 'pessoa.eventos.movimentacaoFinanceira', code: 'FONTE_LENTA' }]);
    });

    it('are FONTE_INVALIDA at a bad value of Base C, from the index as from Base C', async () => {
      await start();
      const { owner } = event.bases.baseC;
      await owner.query('ALTER TABLE movimentacao ALTER situacao DROP NOT NULL');
      const badRows = [{ tipo: 'XPTO' }, { valor: 'NaN' }, { situacao: null }];
      const postingsOf = async (cpf: Cpf) => {
        const { body } = await event.ask(
          'query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { movimentacaoFinanceira { nodes { tipo valor situacao } } } } }',
          { cpf },
        );
        return body;
      };
      for (const row of badRows) {
        const cpf = await addTitular(owner);
        await addMovimentacoes(owner, cpf, {}, row);
        await index.copy(owner, cpf);
        const fromIndex = await postingsOf(cpf);
        expect(fromIndex.errors).toMatchObject([{ extensions: { code: 'FONTE_INVALIDA', fonte: 'evento' } }]);
        relay.fail({ kind: 'cut' });
        expect(await postingsOf(cpf)).toEqual(fromIndex);
        relay.fail(undefined);
      }
      expect(await answerCountOf('elasticsearch', 'current')).toBe(badRows.length);
      expect(await answerCountOf('base_c', 'unavailable')).toBe(badRows.length);
    });

    it('go on after a cursor, whichever store the page before it came from', async () => {
      await start();
      const ids = ['a', 'B', 'c-1', 'C_1', 'é', 'z'];
      const cpf = await addPerson(...ids);
      const shownIds: string[] = [];
      const stores: string[] = [];
      for (let after: string | null = null, page = 0; page < ids.length; page++) {
        relay.fail(page % 2 === 1 ? { kind: 'cut' } : undefined);
        const { body } = await event.ask(
          `query ($cpf: CPF!, $after: String) { pessoa(cpf: $cpf) { eventos { movimentacaoFinanceira(first: 1, after: $after) {
            nodes { id contraparte } pageInfo { endCursor } } } } }`,
          { cpf, variables: { after } },
        );
        const list = body.data?.['pessoa']?.['eventos']?.['movimentacaoFinanceira'] as unknown as {
          nodes: { id: string; contraparte: string }[];
          pageInfo: { endCursor: string };
        };
        shownIds.push(list.nodes[0]!.id);
        stores.push(list.nodes[0]!.contraparte);
        after = list.pageInfo.endCursor;
      }
      const bytes = (id: string) => Buffer.from(id);
      const descending = ids.map((id) => `${cpf}-${id}`).toSorted((a, b) => bytes(b).compare(bytes(a)));
      expect(shownIds).toEqual(descending);
      expect(stores).toEqual(['índice', 'Base C', 'índice', 'Base C', 'índice', 'Base C']);
    });

    it('do not wait for an Elasticsearch that has failed often: it is not asked any more', async () => {
      await start({ SEARCH_MILLIS: '100' });
      const cpf = await addPerson('a', 'b', 'c');
      relay.fail({ kind: 'hung' });
      for (let i = 0; i < 10; i++) await listOf(cpf); // the breaker counts each request once
      const searchCount = relay.searches();
      expect(searchCount).toBeGreaterThanOrEqual(10);
      expect((await listOf(cpf)).list).toEqual(listFrom('Base C', idsOf(cpf)));
      expect(relay.searches()).toBe(searchCount);
    });

    it('leave no CPF, hash, search or posting in the log or the metrics', async () => {
      await start();
      const cpf = await addPerson('a', 'b', 'c');
      relay.fail({
        kind: 'answers',
        status: 400,
        body: '{"error":{"type":"parsing_exception","reason":"SEGREDO"},"status":400}',
      });
      await listOf(cpf);
      const logsAndMetrics =
        event.environment.logLines().join('') + (await (await fetch(`${event.metricsUrl}/metrics`)).text());
      expect(logsAndMetrics).toContain('Elasticsearch answered 400 parsing_exception');
      for (const secret of [cpf, 'SEGREDO', 'Base C"', 'dataHora', relay.url])
        expect(logsAndMetrics).not.toContain(secret);
      // Request lines name a person by the hash. The lines about the search do not.
      const searchLines = event.environment.logLines().filter((line) => line.includes('postings come from'));
      expect(searchLines.join('')).not.toContain(cpfHash(cpf));
    });
  });
});

async function eventually(check: () => Promise<void>, tries = 20): Promise<void> {
  for (let triesLeft = tries; ; triesLeft--) {
    try {
      return await check();
    } catch (error) {
      if (triesLeft === 0) throw error;
      await sleep(500);
    }
  }
}
