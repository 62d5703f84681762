import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { graphql } from '@pessoa/testkit/graphql-client';
import { addPerson } from '../src/people.ts';
import { until } from '../src/replicated-debt.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

describe('the audit', () => {
  let graph: WholeGraph;
  beforeAll(async () => {
    graph = await startWholeGraph();
  });
  afterAll(() => graph.close());

  async function recorded(cpf: string) {
    const hashOf = cpfHasher(Buffer.from(graph.environment.env['CPF_HASH_KEY']!, 'base64url'));
    const { rows } = await graph.bases.auditoria.owner.query<{ campos: string[]; servico: string }>(
      'SELECT campos, servico FROM acesso WHERE cpf_hash = $1',
      [hashOf(cpf as Parameters<typeof hashOf>[0])],
    );
    return rows;
  }

  const forms: [string, (cpf: string) => { query: string; variables?: Record<string, unknown> }][] = [
    ['a literal', (cpf) => ({ query: `{ pessoa(cpf: "${cpf}") { nome } }` })],
    ['a variable', (cpf) => ({ query: 'query ($a: CPF!) { pessoa(cpf: $a) { nome } }', variables: { a: cpf } })],
    ["a variable's default", (cpf) => ({ query: `query ($a: CPF! = "${cpf}") { pessoa(cpf: $a) { nome } }` })],
    ['a list', (cpf) => ({ query: `{ pessoas(cpfs: ["${cpf}"]) { nome } }` })],
    ['one in place of a list', (cpf) => ({ query: `{ pessoas(cpfs: "${cpf}") { nome } }` })],
    [
      'a list of variables',
      (cpf) => ({ query: 'query ($a: CPF!) { pessoas(cpfs: [$a]) { nome } }', variables: { a: cpf } }),
    ],
    ['a default list', (cpf) => ({ query: `query ($a: [CPF!]! = ["${cpf}"]) { pessoas(cpfs: $a) { nome } }` })],
    [
      'an alias in a fragment',
      (cpf) => ({ query: `{ ...F } fragment F on Query { x: pessoa(cpf: "${cpf}") { y: nome } }` }),
    ],
    [
      'punctuation',
      (cpf) => ({ query: `{ pessoa(cpf: "${cpf.replace(/(...)(...)(...)(..)/, '$1.$2.$3-$4')}") { nome } }` }),
    ],
  ];

  it.each(forms)('has one row for a read by %s, which the router writes', async (_, ask) => {
    const token = await graph.environment.token();
    const cpf = await addPerson(graph);
    const { body } = await graphql(graph.router.url, { token, ...ask(cpf) });
    expect(JSON.stringify(body.data)).toContain('Bruno Fictício');
    expect(await recorded(cpf)).toEqual([{ campos: ['nome'], servico: 'router' }]);
  });

  it('has no row when nobody was read', async () => {
    const cpf = await addPerson(graph);
    const token = await graph.environment.token();
    for (const query of [
      `{ pessoa(cpf: "${cpf}") { cpf __typename } }`,
      `{ pessoa(cpf: "${cpf}") @skip(if: true) { nome } }`,
      `{ pessoa(cpf: "${cpf}") { nome @include(if: false) cpf } }`,
    ]) {
      const { body } = await graphql(graph.router.url, { token, query });
      expect(body.errors).toBeUndefined();
    }
    expect(await recorded(cpf)).toEqual([]);
  });

  it('has a row for each of several equal reads at the same time, which may share a fetch', async () => {
    const cpf = await addPerson(graph);
    const token = await graph.environment.token();
    const query = `{ pessoa(cpf: "${cpf}") { nome } }`;
    const answers = await Promise.all(Array.from({ length: 12 }, () => graphql(graph.router.url, { token, query })));
    for (const { body } of answers) expect(body).toEqual({ data: { pessoa: { nome: 'Bruno Fictício' } } });
    expect(await recorded(cpf)).toEqual(Array(12).fill({ campos: ['nome'], servico: 'router' }));
  });

  it('has one row for a person who is in several places of an answer', async () => {
    const cpf = await addPerson(graph);
    const token = await graph.environment.token();
    const query = `{ a: pessoa(cpf: "${cpf}") { nome } b: pessoa(cpf: "${cpf}") { situacaoCadastral } c: pessoas(cpfs: ["${cpf}", "${cpf}"]) { x: nome } }`;
    await graphql(graph.router.url, { token, query });
    expect(await recorded(cpf)).toEqual([{ campos: ['nome', 'situacaoCadastral'], servico: 'router' }]);
  });

  it('has the person of the variable’s value, not of its default', async () => {
    const [cpf, other] = [await addPerson(graph), await addPerson(graph)];
    const token = await graph.environment.token();
    const query = `query ($c: CPF! = "${other}") { pessoa(cpf: $c) { nome } }`;
    await graphql(graph.router.url, { token, query, variables: { c: cpf } });
    expect({ read: await recorded(cpf), other: await recorded(other) }).toEqual({
      read: [{ campos: ['nome'], servico: 'router' }],
      other: [],
    });
  });

  it('has the read of a client that went away before the answer', async () => {
    const [cpf, token] = [await addPerson(graph), await graph.environment.token()];
    const interacao = randomUUID();
    const lines = (): string[] =>
      graph.environment.logLines().filter((line) => line.includes(interacao) && line.includes('/divida/:cpf'));
    // Debt answers after the router has noticed that its client is gone.
    const debt = createServer(async (request, response) => {
      const body = await text(request);
      client.destroy();
      await until('the client is seen to be gone', async () => lines().length > 0);
      const { method, headers, url } = request;
      const { host: _, connection: __, 'content-length': ___, ...otherHeaders } = headers as Record<string, string>;
      const answer = await fetch(new URL(url!, graph.subgraphs.debt.url), {
        method: method!,
        headers: otherHeaders,
        body,
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    });
    debt.listen(0, '127.0.0.1');
    await once(debt, 'listening');
    const DEBT_URL = `http://127.0.0.1:${(debt.address() as AddressInfo).port}/graphql`;
    const router = await graph.startAnotherRouter({ DEBT_URL });
    const client = connect(Number(new URL(router.url).port), '127.0.0.1', () => {
      const headers = `authorization: Bearer ${token}\r\nx-fapi-interaction-id: ${interacao}\r\n`;
      client.write(`GET /divida/${cpf} HTTP/1.1\r\nhost: a\r\n${headers}\r\n`);
    });
    try {
      await until('the read is written down', async () => (await recorded(cpf)).length > 0);
      expect(await recorded(cpf)).toEqual([{ campos: expect.arrayContaining(['nome']), servico: 'router' }]);
    } finally {
      debt.close();
    }
  });
});
