import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import type { RunningService } from '@pessoa/service/processes/process';
import { graphql, rest } from '@pessoa/testkit/graphql-client';
import { addPerson } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

describe('A service that is closed', () => {
  let graph: WholeGraph;
  let cpf: string;
  let token: string;

  beforeEach(async () => {
    graph = await startWholeGraph({ wiring: 'relayed' });
    cpf = await addPerson(graph);
    token = await graph.environment.token({ consentimento: [cpf] });
  });
  afterEach(() => graph.close());

  /** Locks a table: reads of it wait until the returned function releases it. */
  async function lockTable(base: 'baseA' | 'baseB', table: string): Promise<() => Promise<void>> {
    const holder = await graph.bases[base].owner.connect();
    await holder.query('BEGIN');
    await holder.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    return async () => {
      await holder.query('ROLLBACK');
      holder.release();
    };
  }

  const waitUntilBlocked = async (base: 'baseA' | 'baseB'): Promise<void> => {
    const waiting = `SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
      WHERE NOT l.granted AND d.datname = current_database()`;
    while ((await graph.bases[base].owner.query(waiting)).rowCount === 0);
  };

  async function expectRefusal(service: RunningService, path: string): Promise<void> {
    const byGraphql = await graphql(service.url, { token, query: EXAMPLE_QUERY, variables: { cpf } });
    expect(byGraphql.status).toBe(503);
    expect(byGraphql.body).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: 'SERVICO_ENCERRANDO' } }],
    });
    const byRest = await rest(service.url, path, token);
    expect(byRest).toMatchObject({ status: 503, body: { code: 'SERVICO_ENCERRANDO', status: 503 } });
    expect(byRest.headers.get('content-type')).toMatch('application/problem+json');
    for (const { headers } of [byGraphql, byRest]) {
      expect(headers.get('retry-after')).toMatch(/^\d+$/);
      expect(headers.get('connection')).toBe('close');
    }
    expect(await rest(service.url, '/health/ready')).toMatchObject({ status: 503, body: { status: 'encerrando' } });
    expect((await rest(service.url, '/health/live')).status).toBe(200);
  }

  it('answers its running requests, refuses new ones over GraphQL and REST, and ends: the router', async () => {
    const { router } = graph;
    const expected = await graphql(router.url, { token, query: EXAMPLE_QUERY, variables: { cpf } });
    expect(expected.body.errors).toBeUndefined();
    const release = await lockTable('baseA', 'divida');
    const slow = graphql(router.url, { token, query: EXAMPLE_QUERY, variables: { cpf } });
    const slowRest = rest(router.url, `/divida/${cpf}`, token);
    await waitUntilBlocked('baseA');
    let isClosed = false;
    const closing = router.close().then(() => (isClosed = true));
    await expectRefusal(router, `/score/${cpf}`);
    expect(isClosed).toBe(false);
    await release();
    const { status, body } = await slow;
    expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
    expect(body.data).toMatchObject({
      pessoa: { nome: 'Bruno Fictício', dividas: { nodes: [{}, {}] }, score: { valor: expect.any(Number) } },
    });
    expect((await slowRest).body).toMatchObject({ cpf, dividas: [{}, {}] });
    await closing;
    await expect(graphql(router.url, { token, query: EXAMPLE_QUERY, variables: { cpf } })).rejects.toThrow();
  });

  it('answers its running requests, refuses new ones over GraphQL and REST, and ends: a subgraph', async () => {
    const { score } = graph.subgraphs;
    const query = 'query Pessoa($cpf: CPF!) { pessoa(cpf: $cpf) { score { valor } } }';
    const release = await lockTable('baseB', 'titular');
    const slow = rest(score.url, `/score/${cpf}`, token);
    await waitUntilBlocked('baseB');
    const closing = score.close();
    await expectRefusal(score, `/score/${cpf}`);
    const throughRouter = await graphql(graph.router.url, { token, query, variables: { cpf } });
    expect(throughRouter).toMatchObject({
      status: 200,
      body: { data: { pessoa: { score: null } }, errors: [{ path: ['pessoa', 'score'], extensions: { code: 'FONTE_INDISPONIVEL', fonte: 'score' } }] }, // prettier-ignore
    });
    await release();
    expect(await slow).toMatchObject({ status: 200, body: { cpf, score: { valor: expect.any(Number) } } });
    await closing;
    await expect(rest(score.url, `/score/${cpf}`, token)).rejects.toThrow();
  });
});
