import type { Cpf } from '@pessoa/domain/cpf';
import { fixedClock } from '@pessoa/domain/data';
import { restRoutes } from '@pessoa/rest/routes';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import type { RunningService } from '@pessoa/service/processes/process';
import { graphql, rest } from '@pessoa/testkit/graphql-client';
import { lockTable } from '@pessoa/testkit/table-lock';
import { addPerson, newCpf } from '../src/people.ts';
import { until } from '../src/replicated-debt.ts';
import { processesOf } from '../src/processes-of.ts';
import { createSystemSandbox, stopRun } from '../src/started-system.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const EVERYTHING = `
  query Everything($cpf: CPF!, $cpfs: [CPF!]!) {
    pessoa(cpf: $cpf) {
      ...All
      same: score { valor motivos { codigo descricao } }
    }
    again: pessoa(cpf: $cpf) { cpf nome }
    pessoas(cpfs: $cpfs) { ...All }
  }
  fragment All on Pessoa {
    __typename cpf nome idade
    dividas(first: 1) { nodes { id credor { nome } valorOriginal } pageInfo { hasNextPage endCursor } totalCount }
    score { valor faixa probabilidadeInadimplencia }
    bens { descricao valorEstimado }
    eventos { movimentacaoFinanceira(first: 2) { nodes { valor dataHora } } ultimaCompraCartao { valor emissor { nome } } }
  }`;

describe('The router calls subgraphs of its own process', () => {
  let graph: WholeGraph;
  /** A router over HTTP, to the same subgraphs. */
  let distant: RunningService;
  let cpf: Cpf;

  beforeAll(async () => {
    // The timeout of a local call is under test; that of the statement is longer.
    graph = await startWholeGraph({
      wiring: 'single',
      clock: fixedClock('2026-11-22T15:00:00Z'),
      env: { DEBT_TIMEOUT_MILLIS: '' },
    });
    distant = await graph.startAnotherRouter({});
    cpf = await addPerson(graph);
  });
  afterAll(() => graph.close());

  const callers: [string, () => Promise<string | undefined>][] = [
    ['everything', () => graph.environment.token({ consentimento: [cpf] })],
    ['no consent', () => graph.environment.token()],
    ['one scope', () => graph.environment.token({ scope: 'score:read' })],
    ['no purpose', () => graph.environment.token({ finalidade: null })],
    ['the holder', () => graph.environment.token({ cpf })],
    ['another holder', () => graph.environment.token({ cpf: newCpf() })],
    ['no token', async () => undefined],
    ['a bad token', async () => 'not.a.token'],
  ];

  it.each(callers)('with the answers that they give over HTTP: %s', async (_, tokenOf) => {
    const token = await tokenOf();
    const cpfs = [cpf, newCpf(), cpf];
    for (const [query, variables] of [
      [EXAMPLE_QUERY.replace('ultimaConsulta { dataHora }', ''), { cpf }],
      [EVERYTHING, { cpf, cpfs }],
      [EVERYTHING, { cpf: '11111111111', cpfs }],
      [EVERYTHING, { cpf: newCpf(), cpfs: [] }],
      ['{ pessoa(cpf: "x") { nome } }', {}],
      ['{ pessoa }', {}],
    ] as const) {
      const request = { query, variables, ...(token !== undefined && { token }) };
      const overHttp = await graphql(distant.url, request);
      // A subgraph answers a fetch without Apollo Server from its third use on.
      for (let use = 1; use <= 4; use++) {
        for (const { url } of [graph.router, distant]) {
          const { status, body } = await graphql(url, request);
          expect({ query, use, status, body }).toEqual({ query, use, status: overHttp.status, body: overHttp.body });
        }
      }
    }
    for (const { path } of restRoutes.filter(({ path }) => path !== '/evento/{cpf}')) {
      const [local, overHttp] = [
        await rest(graph.router.url, path.replace('{cpf}', cpf), token),
        await rest(distant.url, path.replace('{cpf}', cpf), token),
      ];
      expect({ path, status: local.status, body: local.body }).toEqual({ path, status: overHttp.status, body: overHttp.body }); // prettier-ignore
    }
  });

  it('and loses only the fields of one that is late', async () => {
    const token = await graph.environment.token({ consentimento: [cpf] });
    const release = await lockTable(graph.bases.baseA.owner, 'divida');
    try {
      const startedAt = performance.now();
      const { body } = await graphql(graph.router.url, { token, query: EXAMPLE_QUERY, variables: { cpf } });
      expect(performance.now() - startedAt).toBeLessThan(4_500); // the statement has 5 s
      expect(body.errors?.map(({ path, extensions }) => ({ path, code: extensions?.code }))).toEqual([
        { path: ['pessoa', 'nome'], code: 'FONTE_LENTA' },
        { path: ['pessoa', 'dividas'], code: 'FONTE_LENTA' },
      ]);
      expect(body.data).toMatchObject({ pessoa: { dividas: null, score: {}, eventos: {} } });
    } finally {
      await release();
    }
  });

  it('and answers on the port of each subgraph too', async () => {
    const token = await graph.environment.token({ consentimento: [cpf] });
    for (const { path, service } of restRoutes) {
      const { status } = await rest(graph.subgraphs[service].url, path.replace('{cpf}', cpf), token);
      expect({ path, status }).toEqual({ path, status: 200 });
    }
  });
});

it('One process that drains refuses at all its ports while it answers its last requests', async () => {
  const graph = await startWholeGraph({ wiring: 'single' });
  let unlock = async (): Promise<void> => {};
  try {
    const cpf = await addPerson(graph);
    const token = await graph.environment.token({ consentimento: [cpf] });
    const query = `{ pessoa(cpf: "${cpf}") { dividas { nodes { id } } } }`;
    unlock = await lockTable(graph.bases.baseA.owner, 'divida');
    const last = graphql(graph.router.url, { token, query });
    const { owner } = graph.bases.baseA;
    await until('the read waits', async () => (await owner.query('SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE NOT l.granted AND d.datname = current_database()')).rowCount === 1); // prettier-ignore
    const closed = graph.router.close();
    for (const { path, service } of restRoutes) {
      // A port without requests closes at once; one that still answers refuses.
      const answered = await rest(graph.subgraphs[service].url, path.replace('{cpf}', cpf), token).then(
        ({ status }) => status,
        () => 'closed',
      );
      expect([503, 'closed']).toContain(answered);
    }
    await unlock();
    expect((await last).body).toEqual({ data: { pessoa: { dividas: { nodes: expect.any(Array) } } } });
    await closed;
  } finally {
    await unlock().catch(() => {});
    await graph.close();
  }
}, 60_000);

it('npm start runs everything but PostgreSQL in one process', async () => {
  const sandbox = await createSystemSandbox({ onTestBases: true });
  try {
    const run = await sandbox.start();
    const mains = processesOf(sandbox.home).filter(({ command }) => command.includes('/src/main.ts'));
    expect(mains.map(({ command }) => /\S+\/src\/main\.ts/.exec(command)?.[0])).toEqual([expect.stringMatching(/\/single\/src\/main\.ts$/)]); // prettier-ignore
    const [printed] = /^export TOKEN=.*$/m.exec(run.output())!;
    const [curl] = /^curl -sS \S+\/graphql .*$/m.exec(run.output())!;
    expect(JSON.parse(await sandbox.shell(`${printed}\n${curl}`))).toMatchObject({ data: { pessoa: {} } });
    await stopRun(run);
    expect(processesOf(sandbox.home)).toEqual([]);
  } finally {
    await sandbox.remove();
  }
}, 180_000);
