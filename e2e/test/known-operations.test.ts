import { randomUUID } from 'node:crypto';
import type { Cpf } from '@pessoa/domain/cpf';
import { fixedClock } from '@pessoa/domain/data';
import { restRoutes } from '@pessoa/rest/routes';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { graphql } from '@pessoa/testkit/graphql-client';
import { addPerson, newCpf } from '../src/people.ts';
import { until } from '../src/replicated-debt.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

/** From its third use on, the router answers an operation without Apollo Server. */
const USES = 4;
/** These differ from one request to the next. */
const OF_ONE_REQUEST = new Set(['date', 'x-fapi-interaction-id', 'ratelimit']);
const EXAMPLE = EXAMPLE_QUERY.replace('ultimaConsulta { dataHora }', '');
const NAME = 'query Nome($cpf: CPF!) { pessoa(cpf: $cpf) { nome } }';

const post = (query: string, cpf: string): [string, RequestInit] => [
  '/graphql',
  {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query, variables: { cpf } }),
  },
];

describe('A known operation', () => {
  let graph: WholeGraph;
  let cpf: Cpf;
  let token: string;

  beforeAll(async () => {
    graph = await startWholeGraph({ clock: fixedClock('2026-11-22T15:00:00Z') });
    cpf = await addPerson(graph);
    token = await graph.environment.token({ consentimento: [cpf] });
  });
  afterAll(() => graph.close());

  /** What a request gives to its client, to the audit and to the log. */
  async function send([path, init]: [string, RequestInit], bearer = token) {
    const interacao = randomUUID();
    const sent = { authorization: `Bearer ${bearer}`, 'x-fapi-interaction-id': interacao, ...init.headers };
    const response = await fetch(`${graph.router.url}${path}`, { ...init, headers: sent });
    const headers = [...response.headers].filter(([name]) => !OF_ONE_REQUEST.has(name));
    const body = await response.text();
    let line: Record<string, unknown> | undefined;
    await until('the router has logged the request', async () => {
      const own = graph.environment.logLines().filter((text) => text.includes(interacao));
      line = own.map((text) => JSON.parse(text) as Record<string, unknown>).find(({ pessoas }) => pessoas);
      return line !== undefined;
    });
    const { time: _time, interacao: _interacao, ms: _ms, ...logged } = line!;
    const { rows } = await graph.bases.auditoria.owner.query<object>(
      "SELECT to_jsonb(acesso) - '{id,data_hora,interacao}'::text[] AS acesso FROM acesso WHERE interacao = $1",
      [interacao],
    );
    return { status: response.status, headers, body, rows, logged };
  }

  const operations: [string, () => [string, RequestInit]][] = [
    ['of GraphQL', () => post(EXAMPLE, cpf)],
    ['of a person whom no base knows', () => post(EXAMPLE.replace('nome', 'nome __typename'), newCpf())],
    ...restRoutes
      .filter(({ path }) => path !== '/evento/{cpf}') // its answer has the last consultation, which is the one before
      .map(({ path }): [string, () => [string, RequestInit]] => [path, () => [path.replace('{cpf}', cpf), {}]]),
  ];

  it.each(operations)('leaves what its first use left: an operation %s', async (_, request) => {
    const asked = request();
    const first = await send(asked);
    expect(first).toMatchObject({ status: expect.any(Number), rows: [{ acesso: { servico: 'router' } }] });
    for (let use = 2; use <= USES; use++) expect({ use, ...(await send(asked)) }).toEqual({ use, ...first });
  });

  it.each([
    ['wholly', 'nome', null],
    ['in part', 'nome score { __typename }', { pessoa: { nome: null, score: { __typename: 'Score' } } }],
  ])('that is %s denied to its caller is refused as at its first use', async (_, fields, data) => {
    const bearer = await graph.environment.token({ scope: 'score:read' });
    const asked = post(`query ($cpf: CPF!) { pessoa(cpf: $cpf) { ${fields} } }`, cpf);
    const first = await send(asked, bearer);
    expect(JSON.parse(first.body)).toEqual({
      data,
      errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'UNAUTHORIZED_FIELD_OR_TYPE' }) })], // prettier-ignore
    });
    expect(first.rows).toHaveLength(1);
    for (let use = 2; use <= USES; use++) expect({ use, ...(await send(asked, bearer)) }).toEqual({ use, ...first });
    // It became known by a caller who may not read it. One who may gets it.
    const { body } = await send(asked);
    expect(JSON.parse(body)).toMatchObject({ data: { pessoa: { nome: 'Bruno Fictício' } } });
  });

  it('that the audit cannot store does not leave', async () => {
    for (let use = 1; use <= USES; use++) await send(post(NAME, cpf));
    const { owner, writerUrl } = graph.bases.auditoria;
    const writer = decodeURIComponent(new URL(writerUrl).username);
    await owner.query(`REVOKE INSERT ON acesso FROM ${writer}`);
    try {
      const { status, headers, body } = await graphql(graph.router.url, { token, query: NAME, variables: { cpf } });
      expect({ status, body }).toEqual({
        status: 503,
        body: { errors: [{ message: expect.any(String), extensions: { code: 'FONTE_INDISPONIVEL', fonte: 'auditoria' } }] }, // prettier-ignore
      });
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    } finally {
      await owner.query(`GRANT INSERT ON acesso TO ${writer}`);
    }
    await until('the audit stores again', async () => (await send(post(NAME, cpf))).status === 200);
  });
});
