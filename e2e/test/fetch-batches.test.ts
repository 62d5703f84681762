import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cpf } from '@pessoa/domain/cpf';
import { systemClock } from '@pessoa/domain/data';
import { answerLine } from '@pessoa/service/graphql/batch-format';
import { INTERNAL_IDENTITY_HEADER, internalIdentitySigner } from '@pessoa/service/identity/internal-identity';
import { graphql } from '@pessoa/testkit/graphql-client';
import { answersIn, rawExchange } from '@pessoa/testkit/raw-http';
import { lockTable } from '@pessoa/testkit/table-lock';
import { addPerson } from '../src/people.ts';
import { until } from '../src/replicated-debt.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const QUERY = '{ pessoa(cpf: "CPF") { nome score { valor } perfil { idade } } }';

interface BatchedFetch {
  readonly headers: Record<string, string>;
  readonly request: { readonly query: string; readonly variables: object };
}

/** Errors of several subgraphs come in the order in which these answered. */
const comparable = (body: unknown): unknown => {
  const { errors, ...rest } = body as { errors?: object[] };
  return { ...rest, errors: errors?.map((error) => JSON.stringify(error)).toSorted() };
};

describe('Fetches that share a request', () => {
  let graph: WholeGraph;
  let people: Cpf[];
  let tokens: string[];

  beforeAll(async () => {
    graph = await startWholeGraph({ wiring: 'relayed' });
    people = [await addPerson(graph), await addPerson(graph)];
    const { token } = graph.environment;
    tokens = [
      await token({ consentimento: people }),
      await token({ scope: 'score:read' }),
      await token({ scope: 'divida:read' }),
      await token({ cpf: people[0]! }),
      await token({ clientId: 'outro', finalidade: 'COBRANCA' }),
    ];
  });
  afterAll(() => graph.close());

  it('have the answers and the log lines that they have alone', async () => {
    const ROUNDS = 4;
    const asked = tokens.flatMap((token) => people.map((cpf) => ({ token, query: QUERY.replace('CPF', cpf) })));
    const alone: unknown[] = [];
    for (const request of asked) {
      const { status, body } = await graphql(graph.router.url, request);
      alone.push({ status, body: comparable(body) });
    }
    graph.relays.score.takeRequestCount();
    const before = graph.environment.logLines().length;
    for (let round = 0; round < ROUNDS; round++) expect(await sendPipelined(asked)).toEqual(alone);
    const lines = graph.environment.logLines().slice(before).map((text) => JSON.parse(text) as { rota?: string }); // prettier-ignore
    const asksScore = alone.filter((answer) => JSON.stringify(answer).includes('"valor"') || JSON.stringify(answer).includes('TITULAR')); // prettier-ignore
    expect(graph.relays.score.takeRequestCount()).toBeLessThan(ROUNDS * asksScore.length);
    expect(lines.filter(({ rota }) => rota === '/graphql/batch')).toEqual([]);
    const fetches = new Map<string, number>();
    for (const line of lines as { rota?: string; interacao: string }[]) {
      if (line.rota === '/graphql') fetches.set(line.interacao, (fetches.get(line.interacao) ?? 0) + 1);
    }
    // The router logs each request, and each subgraph that it asked logs the fetch.
    const counts = [...fetches.values()];
    expect(counts.filter((count) => count === 2)).toHaveLength(ROUNDS * 4); // tokens of one scope
    expect(counts.filter((count) => count === 3)).toHaveLength(ROUNDS * 6);
  });

  /** Sends requests on one connection, all at once. */
  async function sendPipelined(requests: readonly { token: string; query: string }[]): Promise<unknown[]> {
    const texts = requests.map(({ token, query }, index) => {
      const body = JSON.stringify({ query });
      const connection = index === requests.length - 1 ? 'close' : 'keep-alive';
      return `POST /graphql HTTP/1.1\r\nhost: a\r\nconnection: ${connection}\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    });
    const received = await rawExchange(Number(new URL(graph.router.url).port), [texts.join('')]);
    return answersIn(received).map(({ status, body }) => ({ status, body: comparable(JSON.parse(Buffer.from(body, 'latin1').toString())) })); // prettier-ignore
  }

  /** Sends a batch to Score with a signature over `signed`. */
  async function sendBatch(fetches: unknown, { signed = JSON.stringify(fetches), subgraph = 'score' } = {}) {
    const key = Buffer.from(graph.environment.env['INTERNAL_KEY']!, 'base64url');
    const call = { subgraph, method: 'POST', path: '/graphql/batch', authorization: '', finalidade: '' };
    const identity = internalIdentitySigner(key, systemClock)(call, signed);
    const headers = { 'content-type': 'application/json', [INTERNAL_IDENTITY_HEADER]: identity };
    const url = `${graph.subgraphs.score.url}/graphql/batch`;
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(fetches) });
    return { status: response.status, text: await response.text() };
  }
  const fetchOf = (token: string, interacao: string = randomUUID()): BatchedFetch => ({
    headers: { authorization: `Bearer ${token}`, 'x-fapi-interaction-id': interacao },
    request: { query: 'query ($cpf: CPF!) { pessoa(cpf: $cpf) { score { modelo } } }', variables: { cpf: people[0] } },
  });

  it('are each checked by their own tokens', async () => {
    const interacao = randomUUID();
    const { status, text } = await sendBatch([fetchOf(tokens[0]!), fetchOf('not.a.token', interacao), fetchOf(tokens[2]!)]); // prettier-ignore
    const answers = text.trimEnd().split('\n').toSorted().map((line) => [Number(line[0]), Number(line.slice(2, 5)), JSON.parse(line.slice(6)) as object]); // prettier-ignore
    const forbidden = { errors: [{ extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }] };
    expect(status).toBe(200);
    expect(answers).toMatchObject([
      [0, 200, { data: { pessoa: { score: { modelo: expect.any(String) } } } }],
      [1, 401, { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }],
      [2, 200, forbidden],
    ]);
    const logged = graph.environment.logLines().filter((line) => line.includes(interacao));
    expect(logged.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ rota: '/graphql', metodo: 'POST', status: 401, codigo: 'UNAUTHENTICATED', motivo: expect.any(String) }), // prettier-ignore
    ]);
  });

  it.each<[string, (fetches: object[]) => Promise<{ status: number; text: string }>, number]>([
    ['signed for another body', (fetches) => sendBatch(fetches, { signed: '[]' }), 401],
    ['signed for another subgraph', (fetches) => sendBatch(fetches, { subgraph: 'debt' }), 401],
    ['that is empty', () => sendBatch([]), 400],
    ['that is no list', ([first]) => sendBatch(first), 400],
    ['with what is no fetch', ([first]) => sendBatch([first, { headers: {}, request: { query: 1, variables: {} } }]), 400], // prettier-ignore
    ['that is too long', ([first]) => sendBatch(Array(33).fill(first)), 400],
  ])('are refused together in a batch %s', async (_, send, status) => {
    const answer = await send([fetchOf(tokens[0]!)]);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual({ errors: [expect.objectContaining({ message: expect.any(String) })] });
    expect(answer.text).not.toContain(answerLine(0, { status: 200, body: {} }).slice(0, 6));
  });

  it('are refused without the identity of the router, and the log says so', async () => {
    const interacao = randomUUID();
    const response = await fetch(`${graph.subgraphs.score.url}/graphql/batch`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${tokens[0]}`,
        'x-fapi-interaction-id': interacao,
      },
      body: JSON.stringify([fetchOf(tokens[0]!)]),
    });
    expect(response.status).toBe(401);
    const lines = (): object[] => graph.environment.logLines().filter((line) => line.includes(interacao)).map((line) => JSON.parse(line) as object); // prettier-ignore
    await until('the refusal is logged', async () => lines().length > 0);
    expect(lines()).toEqual([
      expect.objectContaining({ level: 30, rota: '/graphql/batch', status: 401, codigo: 'UNAUTHENTICATED' }),
    ]);
  });

  it('do not wait for one that waits for its base', async () => {
    const unlock = await lockTable(graph.bases.baseA.owner, 'divida');
    try {
      const token = tokens[0]!;
      const slow = graphql(graph.router.url, { token, query: `{ pessoa(cpf: "${people[0]}") { dividas { totalCount } } }` }); // prettier-ignore
      const quick = graphql(graph.router.url, { token, query: `{ pessoa(cpf: "${people[0]}") { nome } }` });
      expect((await quick).body).toEqual({ data: { pessoa: { nome: 'Bruno Fictício' } } });
      await unlock();
      expect((await slow).body).toEqual({ data: { pessoa: { dividas: { totalCount: expect.any(Number) } } } });
    } finally {
      await unlock().catch(() => {});
    }
  });

  it('are one fetch when they are equal, of one caller, and one is under way', async () => {
    const unlock = await lockTable(graph.bases.baseA.owner, 'divida');
    try {
      const query = `{ pessoa(cpf: "${people[0]}") { dividas { totalCount } } }`;
      const ask = (token: string) => graphql(graph.router.url, { token, query }).then(({ body }) => body);
      graph.relays.debt.takeRequestCount();
      const answers = [];
      // The second caller has the same rights, and another token.
      for (const token of [tokens[0]!, tokens[0]!, tokens[0]!, tokens[4]!]) {
        answers.push(ask(token));
        await sleep(100); // each has a tick of its own
      }
      let sent = 0;
      await until('both are sent', async () => (sent += graph.relays.debt.takeRequestCount()) >= 2);
      await sleep(100);
      expect(sent + graph.relays.debt.takeRequestCount()).toBe(2);
      await unlock();
      const [first, ...others] = await Promise.all(answers);
      expect(first).toEqual({ data: { pessoa: { dividas: { totalCount: expect.any(Number) } } } });
      expect(others).toEqual([first, first, first]);
      await ask(tokens[0]!);
      expect(graph.relays.debt.takeRequestCount()).toBe(1);
    } finally {
      await unlock().catch(() => {});
    }
  });
});
