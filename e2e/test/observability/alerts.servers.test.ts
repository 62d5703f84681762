import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cpf } from '@pessoa/domain/cpf';
import { freePort } from '@pessoa/service/processes/free-port';
import type { RunningService } from '@pessoa/service/processes/process';
import { graphql, rest } from '@pessoa/testkit/graphql-client';
import { type OwnRedis, startRedis } from '@pessoa/testkit/redis-server';
import { lockTable } from '@pessoa/testkit/table-lock';
import { openTcpRelay, type TcpRelay } from '@pessoa/testkit/tcp-relay';
import { withoutField } from '@pessoa/testkit/without-field';
import { addPerson, newCpf } from '../../src/people.ts';
import { fires, observe } from '../../src/promtool.ts';
import { until } from '../../src/replicated-debt.ts';
import { scrape } from '../../src/scraped-metrics.ts';
import { startWholeGraph, type WholeGraph } from '../../src/whole-graph.ts';

const SUPERGRAPH = readFileSync(new URL('../../../schema/supergraph.graphql', import.meta.url), 'utf8');
const DEBTS = 'query ($cpf: CPF!) { pessoa(cpf: $cpf) { nome dividas { totalCount } } }';
const SCORE = 'query ($cpf: CPF!) { pessoa(cpf: $cpf) { score { valor } } }';
const POSTINGS = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos {
  movimentacaoFinanceira(filtro: { texto: "mercado" }) { totalCount } } } }`;
/** Enough for a breaker to open. */
const FAILURES = 12;
const BUSY_MILLIS = 2_000;

/** What is wrong, and what happens while it goes on. */
interface Cause {
  begin?(): Promise<unknown>;
  goOn?(): Promise<unknown>;
}

describe('An alert fires for its cause, and not before:', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pessoa-alerts-'));
  let redis: OwnRedis;
  let auditCable: TcpRelay;
  let graph: WholeGraph;
  let cpf: Cpf;
  let token: string;

  beforeAll(async () => {
    redis = await startRedis();
    graph = await startWholeGraph({
      wiring: 'relayed',
      env: {
        REDIS_URL: redis.url,
        ELASTICSEARCH_URL: `http://127.0.0.1:${await freePort()}`,
        BASE_A_CONNECTIONS: '1',
        BASE_A_ACQUIRE_MILLIS: '1000',
        AUDIT_TIMEOUT_MILLIS: '1000',
        ENUMERATION_CPFS: '3',
      },
      async envFrom({ auditoria }) {
        const { hostname, port } = new URL(auditoria.writerUrl);
        auditCable = await openTcpRelay({ host: hostname, port: Number(port) });
        return { AUDIT_URL: auditCable.through(auditoria.writerUrl) };
      },
    });
    cpf = await addPerson(graph);
    token = await graph.environment.token({ consentimento: [cpf] });
  });
  afterAll(async () => {
    await graph.close();
    await auditCable.close();
    await redis.close();
    rmSync(folder, { recursive: true });
  });

  const ask = (query: string, router: RunningService = graph.router) =>
    graphql(router.url, { query, variables: { cpf }, token });
  const times = async (count: number, work: () => Promise<unknown>): Promise<void> => {
    for (let time = 0; time < count; time++) await work();
  };

  /** @param processes gives the `metricsUrl` of those that are looked at, by name */
  async function expectToFire(alerts: readonly string[], urls: Record<string, string | undefined>, cause: Cause) {
    const before = await observe(urls);
    await cause.begin?.();
    await cause.goOn?.();
    const first = await observe(urls);
    await cause.goOn?.();
    const last = await observe(urls);
    for (const alert of alerts) {
      expect([alert, await fires(alert, before)]).toEqual([alert, false]);
      expect([alert, await fires(alert, first, last)]).toEqual([alert, true]);
    }
  }

  it('a process that has ended', async () => {
    const router = await graph.startAnotherRouter({});
    await expectToFire(['PessoaProcessDown'], { router: router.metricsUrl }, { begin: () => router.close() });
  });

  it('a subgraph that drops its connections', async () => {
    const router = await graph.startAnotherRouter({});
    await ask(SCORE, router);
    await expectToFire(['PessoaSourceLost', 'PessoaBreakerOpen'], { router: router.metricsUrl }, {
      begin: async () => graph.relays.score.fail({ kind: 'dropped' }),
      goOn: () => times(FAILURES, () => ask(SCORE, router)),
    }).finally(() => graph.relays.score.fail(undefined)); // prettier-ignore
  });

  it('a subgraph that hangs', async () => {
    const router = await graph.startAnotherRouter({ DEBT_TIMEOUT_MILLIS: '1500' });
    await times(5, () => ask(DEBTS, router));
    await expectToFire(['PessoaSlow'], { router: router.metricsUrl }, {
      begin: async () => graph.relays.debt.fail({ kind: 'hung' }),
      goOn: () => Promise.all([ask(DEBTS, router), ask(DEBTS, router)]),
    }).finally(() => graph.relays.debt.fail(undefined)); // prettier-ignore
  });

  it('more requests than may run', async () => {
    const router = await graph.startAnotherRouter({ DEBT_TIMEOUT_MILLIS: '30000', REQUEST_TIMEOUT_MILLIS: '30000' });
    const clients = await Promise.all(
      Array.from({ length: 20 }, (_, index) => graph.environment.token({ clientId: `cliente-${index}` })),
    );
    const running: Promise<unknown>[] = [];
    const crowd = (ofEach: number) => {
      for (const each of clients)
        for (let count = 0; count < ofEach; count++)
          running.push(graphql(router.url, { query: DEBTS, variables: { cpf: newCpf() }, token: each }));
    };
    const sumOf = async (name: string): Promise<number> => (await scrape(router.metricsUrl)).sum(name);
    /** Sends more whenever none waits: a slow machine refuses some before they come to wait. */
    const press = (what: string, isTrue: () => Promise<boolean>) =>
      until(what, async () => {
        if (await isTrue()) return true;
        if ((await sumOf('pessoa_requests_waiting')) === 0) crowd(2);
        return false;
      });
    try {
      // Both before the first calls are too late: then the breaker opens, and nothing waits any more.
      await expectToFire(['PessoaRequestsWaiting', 'PessoaRequestsRefused'], { router: router.metricsUrl }, {
        async begin() {
          graph.relays.debt.fail({ kind: 'hung' });
          crowd(30); // more than ever may run
        },
        async goOn() {
          const before = await sumOf('pessoa_requests_refused_total');
          await press('a request is refused', async () => (await sumOf('pessoa_requests_refused_total')) > before);
          await press('requests wait', async () => (await sumOf('pessoa_requests_waiting')) > 0);
        },
      }); // prettier-ignore
    } finally {
      graph.relays.debt.fail({ kind: 'dropped' });
      await Promise.all(running);
      graph.relays.debt.fail(undefined);
    }
  });

  it('a base whose table is locked', async () => {
    const urls = { debt: graph.subgraphs.debt.metricsUrl };
    const release = await lockTable(graph.bases.baseA.owner, 'pessoa');
    const running: Promise<unknown>[] = [];
    try {
      await expectToFire(['PessoaPoolExhausted'], urls, {
        async goOn() {
          running.push(ask(DEBTS), ask(DEBTS.replace('nome', 'situacaoCadastral')));
          const waiting = async () => (await scrape(urls.debt)).sum('pessoa_pool_waiting', { pool: 'base-a' });
          await until('a statement waits', async () => (await waiting()) > 0);
        },
      });
      await Promise.all(running);
      await expectToFire(['PessoaSqlErrors'], urls, {
        goOn: () => Promise.all([ask(DEBTS), ask(DEBTS.replace('nome', 'situacaoCadastral'))]),
      });
    } finally {
      await release();
      await Promise.all(running);
    }
  });

  it('an audit that cannot be reached', async () => {
    const router = await graph.startAnotherRouter({});
    await ask(DEBTS, router);
    await expectToFire(['PessoaAuditFailing', 'PessoaErrors'], { router: router.metricsUrl }, {
      begin: async () => auditCable.cut(true),
      goOn: () => times(3, () => ask(DEBTS, router)),
    }).finally(() => auditCable.cut(false)); // prettier-ignore
  });

  it('a Redis that has stopped', async () => {
    const urls = { router: graph.router.metricsUrl, score: graph.subgraphs.score.metricsUrl };
    await ask(SCORE);
    await expectToFire(['PessoaCacheLost', 'PessoaLimitsAlone'], urls, {
      begin: () => redis.stop(),
      goOn: () => times(FAILURES, () => ask(SCORE)),
    }).finally(() => redis.start()); // prettier-ignore
  });

  it('an Elasticsearch that cannot be reached', async () => {
    await expectToFire(['PessoaSearchFromBase'], { event: graph.subgraphs.event.metricsUrl }, { goOn: () => ask(POSTINGS) }); // prettier-ignore
  });

  it('a process that is busy all the time', async () => {
    await expectToFire(['PessoaEventLoopBusy'], { router: graph.router.metricsUrl }, {
      async goOn() {
        const endsAt = performance.now() + BUSY_MILLIS;
        while (performance.now() < endsAt); // keeps the event loop
      },
    }); // prettier-ignore
  });

  it('clients that hold all connections', async () => {
    const router = await graph.startAnotherRouter({ MAX_CONNECTIONS: '4' });
    const { port, hostname } = new URL(router.url);
    const sockets: Socket[] = [];
    await expectToFire(['PessoaConnectionsFull'], { router: router.metricsUrl }, {
      async begin() {
        for (let count = 0; count < 4; count++) sockets.push(connect({ port: Number(port), host: hostname }));
        await until('all are open', async () => (await scrape(router.metricsUrl)).sum('pessoa_http_connections') === 4);
      },
    }).finally(() => sockets.forEach((socket) => socket.destroy())); // prettier-ignore
  });

  it('a changed graph', async () => {
    const file = join(folder, 'supergraph.graphql');
    writeFileSync(file, SUPERGRAPH);
    const router = await graph.startAnotherRouter({ SUPERGRAPH: file });
    const refused = async (): Promise<number> =>
      (await scrape(router.metricsUrl)).sum('pessoa_graph_changes_total', { result: 'refused' }) || 0;
    let changes = 0;
    await expectToFire(['PessoaGraphRefused'], { router: router.metricsUrl }, {
      async goOn() {
        writeFileSync(file, `not a supergraph ${++changes}`);
        await until('it is refused', async () => (await refused()) === changes);
      },
    }); // prettier-ignore
    const other = join(folder, 'other.graphql');
    writeFileSync(other, withoutField(SUPERGRAPH, 'situacaoCadastral'));
    const one = await graph.startAnotherRouter({});
    const another = await graph.startAnotherRouter({ SUPERGRAPH: other });
    const same = await observe({ one: one.metricsUrl, router: graph.router.metricsUrl });
    const differing = await observe({ one: one.metricsUrl, another: another.metricsUrl });
    expect(await fires('PessoaGraphsDiffer', same)).toBe(false);
    expect(await fires('PessoaGraphsDiffer', differing)).toBe(true);
  });

  it('a client that tries out CPFs', async () => {
    const router = await graph.startAnotherRouter({});
    let clients = 0;
    await expectToFire(['PessoaEnumeration'], { router: router.metricsUrl }, {
      async goOn() {
        const trying = await graph.environment.token({ clientId: `curioso-${++clients}` });
        await times(4, () => rest(router.url, '/divida/11111111111', trying));
      },
    }); // prettier-ignore
  });
});
