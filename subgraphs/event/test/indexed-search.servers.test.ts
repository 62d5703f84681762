import { setTimeout as sleep } from 'node:timers/promises';
import type { Cpf } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { elasticsearchServer } from '@pessoa/testkit/servers';
import { lockTable } from '@pessoa/testkit/table-lock';
import { addMovimentacoes, addTitular } from '@pessoa/testkit/base-c-rows';
import { type ElasticsearchRelay, type SearchAnswer, type SearchFault, startElasticsearchRelay } from '@pessoa/testkit/elasticsearch-relay'; // prettier-ignore
import { type EventUnderTest, startEventUnderTest } from './event-under-test.ts';
import { type IndexUnderTest, openIndexUnderTest } from '@pessoa/testkit/index-under-test';

const KEY = Buffer.alloc(32, 9);
const cpfHash = cpfHasher(KEY);
const LIST = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos {
  movimentacaoFinanceira { totalCount totalExato nodes { id contraparte } } ultimaCompraCartao { id } } } }`;

/** Which store a posting was read from: its counterparty tells, for a test writes another into the index. */
const from = (store: 'índice' | 'Base C', ids: string[]) => ({
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
    await index.sayCurrent({ upToDateAt: inSeconds(60) });
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
  /** Three postings; the index names itself as their counterparty. */
  const personIn = async (...ids: string[]): Promise<Cpf> => {
    const { owner } = event.bases.baseC;
    const cpf = await addTitular(owner);
    await addMovimentacoes(owner, cpf, ...ids.map((id) => ({ id: `${cpf}-${id}`, contraparte: 'Base C' })));
    await index.copy(owner, cpf, (linha) => ({ ...linha, contraparte: 'índice' }));
    return cpf;
  };
  const listOf = async (cpf: Cpf) => {
    const { body } = await event.ask(LIST, { cpf });
    return {
      list: body.data?.['pessoa']?.['eventos']?.['movimentacaoFinanceira'] as unknown,
      errors: body.errors?.map(({ path, extensions }) => [path!.join('.'), extensions?.code]),
    };
  };
  const idsOf = (cpf: Cpf) => [`${cpf}-c`, `${cpf}-b`, `${cpf}-a`];
  const answers = async (): Promise<string[]> => {
    const text = await (await fetch(`${event.metricsUrl}/metrics`)).text();
    return [...text.matchAll(/^pessoa_search_answers_total\{(.*),service="event"\} (\d+)$/gm)].map(
      ([, labels, value]) => `${labels} ${value}`,
    );
  };

  const answersOf = async (engine: string, reason: string): Promise<number> => {
    const line = (await answers()).find((one) => one.startsWith(`engine="${engine}",reason="${reason}" `));
    return Number(line?.split(' ')[1] ?? 0);
  };

  const changed = (change: (answer: SearchAnswer) => unknown): SearchFault => ({ kind: 'changed', change });
  /** With the last posting taken out: what is shown then would be short. */
  const short = (answer: SearchAnswer, extra: Partial<SearchAnswer>): unknown => ({
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

  describe('through faults', () => {
    beforeAll(async () => {
      await open();
      await start({ SEARCH_MILLIS: '1500' });
    });
    afterAll(close);

    it.each<[string, string, SearchFault]>([
    ['is killed', 'unavailable', { kind: 'cut' }],
    ['hangs', 'slow', { kind: 'hung' }],
    ['is slow', 'slow', { kind: 'slow', millis: 8_000 }],
    ['begins an answer and does not end it', 'slow', { kind: 'trickle' }],
    ['dies within an answer', 'unavailable', { kind: 'halved' }],
    ['is red', 'unavailable', { kind: 'answers', status: 503, body: JSON.stringify(RED) }],
    ['has no room', 'unavailable', { kind: 'answers', status: 429, body: '{"error":{"type":"es_rejected_execution_exception"},"status":429}' }],
    ['refuses us', 'unavailable', { kind: 'answers', status: 401, body: '{"error":{"type":"security_exception"},"status":401}' }],
    ['lost the index', 'unavailable', { kind: 'answers', status: 404, body: '{"error":{"type":"index_not_found_exception"},"status":404}' }],
    ['says something else', 'invalid', { kind: 'answers', status: 200, body: '<html>proxy</html>' }],
    ['says nothing', 'invalid', { kind: 'answers', status: 200, body: '' }],
    ['answers another question', 'invalid', { kind: 'answers', status: 200, body: '{"ok":true}' }],
    ['is another product', 'invalid', { kind: 'answers', status: 200, body: '{"ok":true}', product: false }],
    ['ran out of time with a part found', 'slow', changed((answer) => short(answer, { timed_out: true }))],
    ['stopped early with a part found', 'slow', changed((answer) => short(answer, { terminated_early: true }))],
    ['lost a shard', 'unavailable', changed((answer) => short(answer, { _shards: { total: 4, successful: 3, failed: 1 } }))],
    ['counts a shard that did not answer', 'unavailable', changed((answer) => short(answer, { _shards: { total: 2, successful: 1, failed: 0 } }))],
    ['has no shard', 'unavailable', changed((answer) => short(answer, { _shards: { total: 0, successful: 0, failed: 0 } }))],
    ['gives somebody else', 'invalid', changed((answer) => ({ ...answer, hits: { hits: answer.hits.hits.map((hit) => ({ _source: { ...hit._source, cpfHash: 'x' } })) } }))],
  ])('come whole from Base C when Elasticsearch %s', async (_, reason, fault) => {
      const cpf = await personIn('a', 'b', 'c');
      const before = await answersOf('base_c', reason);
      relay.fail(fault);
      expect(await listOf(cpf)).toEqual({ list: from('Base C', idsOf(cpf)), errors: undefined });
      expect((await answersOf('base_c', reason)) - before).toBe(2);
      relay.fail(undefined);
      // Twice, so that the breaker sees more answers than failures.
      for (let i = 0; i < 2; i++) {
        expect(await listOf(cpf)).toEqual({ list: from('índice', idsOf(cpf)), errors: undefined });
      }
    }); // prettier-ignore
  });

  describe('each with a system of its own', () => {
    beforeEach(open);
    afterEach(close);

    it('come from it while it is current, one request a page or total whatever the number of people, of one shard each', async () => {
      await start();
      const people = [await personIn('a', 'b', 'c'), await personIn('a', 'b', 'c')];
      expect(await listOf(people[0]!)).toEqual({ list: from('índice', idsOf(people[0]!)), errors: undefined });
      expect(await answers()).toEqual(['engine="elasticsearch",reason="current" 2']);
      const metrics = await (await fetch(`${event.metricsUrl}/metrics`)).text();
      expect(metrics).toMatch(/^pessoa_search_index_lag_seconds\{service="event"\} -\d/m); // the test's follower is ahead
      const before = relay.searches();
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
      expect(relay.searches() - before).toBe(1);
      expect(shards).toEqual([1, 1]); // of the index's four
    });

    it('come whole from Base C for everybody when of several people one could not be searched', async () => {
      await start();
      const people = [await personIn('a', 'b', 'c'), await personIn('a', 'b', 'c')];
      relay.fail(changed((answer) => ({ ...answer, responses: [answer.responses[0], RED] })));
      const { body } = await event.ask(
        `query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { eventos { movimentacaoFinanceira { nodes { contraparte } } } } }`,
        { cpf: people[0]!, variables: { cpf: undefined, cpfs: people }, token: { consentimento: people } },
      );
      expect(JSON.stringify(body).match(/Base C/g)).toHaveLength(6);
      expect(JSON.stringify(body)).not.toContain('índice');
    });

    it.each<[string, () => Promise<unknown>]>([
      ['says nothing', () => index.client.delete({ index: `${index.alias}-state`, id: 'follower' })],
      ['is of another version, and its state has no version', writeOldState],
      ['is too far behind', () => index.sayCurrent({ upToDateAt: inSeconds(-7_200) })],
      ['has a clock that is hours ahead', () => index.sayCurrent({ upToDateAt: inSeconds(7_200) })],
      ['keeps one under another key', () => index.sayCurrent({ keyMark: 'outra' })],
      ['keeps another index than the alias names', () => index.sayCurrent({ index: `${index.index}1` })],
      ['keeps one that the alias names with others', () => addToAlias(`${index.index}2`)],
      ['keeps one of another version', () => moveTo(`${index.alias}-v999-20260101000000`)],
      [
        'keeps one that has no alias',
        () => index.client.indices.deleteAlias({ index: index.index, name: index.alias }),
      ],
    ])('come from Base C, and Elasticsearch is not searched, when its follower %s', async (_, change) => {
      await change();
      await start();
      const cpf = await personIn('a', 'b', 'c');
      expect(await listOf(cpf)).toEqual({ list: from('Base C', idsOf(cpf)), errors: undefined });
      expect(await answers()).toEqual(['engine="base_c",reason="stale" 2']);
      expect(relay.searches()).toBe(0);
    });

    async function writeOldState(): Promise<void> {
      const state = `${index.alias}-state`;
      const { _source: document } = await index.client.get<object>({ index: state, id: 'follower' });
      await index.client.index({ index: state, id: 'follower', document: { ...document, version: undefined } });
    }
    async function addToAlias(name: string): Promise<void> {
      await index.client.indices.create({ index: name, settings: { number_of_replicas: 0 } });
      await index.client.indices.putAlias({ index: name, name: index.alias });
    }
    async function moveTo(name: string): Promise<void> {
      await index.client.indices.deleteAlias({ index: index.index, name: index.alias });
      await addToAlias(name);
      await index.sayCurrent({ index: name, upToDateAt: inSeconds(60) });
    }

    it('come from Base C once the follower has been silent for too long, and from the index when it speaks again', async () => {
      await start({ SEARCH_LAG_MAX_SECONDS: '4' });
      const cpf = await personIn('a', 'b', 'c');
      await eventually(async () => {
        await index.sayCurrent({ upToDateAt: inSeconds(0) });
        expect((await listOf(cpf)).list).toEqual(from('índice', idsOf(cpf)));
      });
      await eventually(async () => expect((await listOf(cpf)).list).toEqual(from('Base C', idsOf(cpf))));
      await index.sayCurrent({ upToDateAt: inSeconds(3) });
      await eventually(async () => expect((await listOf(cpf)).list).toEqual(from('índice', idsOf(cpf))));
      const turns = event.environment.logLines().filter((line) => line.includes('postings come from'));
      expect(turns.slice(-2).map((line) => line.includes('come from Base C'))).toEqual([true, false]);
    });

    it('are FONTE_LENTA when neither the index nor Base C answers, within the time of both, and nothing else is lost', async () => {
      await start({ SEARCH_MILLIS: '300', BASE_C_ACQUIRE_MILLIS: '300', BASE_C_STATEMENT_MILLIS: '900' });
      const cpf = await personIn('a', 'b', 'c');
      await listOf(cpf); // its connections are open
      relay.fail({ kind: 'hung' });
      const release = await lockTable(event.bases.baseC.owner, 'movimentacao');
      const answer = await listOf(cpf);
      await release();
      expect(answer.list).toBeNull();
      expect(answer.errors).toEqual([['pessoa.eventos.movimentacaoFinanceira', 'FONTE_LENTA']]);
    });

    it('are FONTE_INVALIDA at the place of a value that Base C should not hold, from the index as from Base C', async () => {
      await start();
      const { owner } = event.bases.baseC;
      await owner.query('ALTER TABLE movimentacao ALTER situacao DROP NOT NULL');
      const bad = [{ tipo: 'XPTO' }, { valor: 'NaN' }, { situacao: null }];
      const seen = async (cpf: Cpf) => {
        const { body } = await event.ask(
          'query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { movimentacaoFinanceira { nodes { tipo valor situacao } } } } }',
          { cpf },
        );
        return body;
      };
      for (const row of bad) {
        const cpf = await addTitular(owner);
        await addMovimentacoes(owner, cpf, {}, row);
        await index.copy(owner, cpf);
        const fromIndex = await seen(cpf);
        expect(fromIndex.errors).toMatchObject([{ extensions: { code: 'FONTE_INVALIDA', fonte: 'evento' } }]);
        relay.fail({ kind: 'cut' });
        expect(await seen(cpf)).toEqual(fromIndex);
        relay.fail(undefined);
      }
      expect(await answersOf('elasticsearch', 'current')).toBe(bad.length);
      expect(await answersOf('base_c', 'unavailable')).toBe(bad.length);
    });

    it('go on after the same cursor, from whichever store the page before it came', async () => {
      await start();
      const ids = ['a', 'B', 'c-1', 'C_1', 'é', 'z'];
      const cpf = await personIn(...ids);
      const seen: string[] = [];
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
        seen.push(list.nodes[0]!.id);
        stores.push(list.nodes[0]!.contraparte);
        after = list.pageInfo.endCursor;
      }
      const bytes = (id: string) => Buffer.from(id);
      const downwards = ids.map((id) => `${cpf}-${id}`).toSorted((one, two) => bytes(two).compare(bytes(one)));
      expect(seen).toEqual(downwards);
      expect(stores).toEqual(['índice', 'Base C', 'índice', 'Base C', 'índice', 'Base C']);
    });

    it('cost no more time once it has failed often: Elasticsearch is not asked any more', async () => {
      await start({ SEARCH_MILLIS: '100' });
      const cpf = await personIn('a', 'b', 'c');
      relay.fail({ kind: 'hung' });
      for (let i = 0; i < 10; i++) await listOf(cpf); // a request counts once, however often it asks
      const asked = relay.searches();
      expect(asked).toBeGreaterThanOrEqual(10);
      expect((await listOf(cpf)).list).toEqual(from('Base C', idsOf(cpf)));
      expect(relay.searches()).toBe(asked);
    });

    it('leave neither a CPF, its hash nor what was asked or found in the log and the metrics', async () => {
      await start();
      const cpf = await personIn('a', 'b', 'c');
      relay.fail({
        kind: 'answers',
        status: 400,
        body: '{"error":{"type":"parsing_exception","reason":"SEGREDO"},"status":400}',
      });
      await listOf(cpf);
      const written =
        event.environment.logLines().join('') + (await (await fetch(`${event.metricsUrl}/metrics`)).text());
      expect(written).toContain('Elasticsearch answered 400 parsing_exception');
      for (const secret of [cpf, 'SEGREDO', 'Base C"', 'dataHora', relay.url]) expect(written).not.toContain(secret);
      // The hash is the log's own name of a person; nothing of the search repeats it.
      const ours = event.environment.logLines().filter((line) => line.includes('postings come from'));
      expect(ours.join('')).not.toContain(cpfHash(cpf));
    });
  });
});

async function eventually(check: () => Promise<void>, tries = 20): Promise<void> {
  for (let left = tries; ; left--) {
    try {
      return await check();
    } catch (error) {
      if (left === 0) throw error;
      await sleep(500);
    }
  }
}
