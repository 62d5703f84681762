import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { INTERNAL_IDENTITY_HEADER } from '@pessoa/service/identity/internal-identity';
import { graphql, rest } from '@pessoa/testkit/graphql-client';
import { newCpf } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

/** Headers that a client may send to deceive a subgraph. */
const STRANGE: Readonly<Record<string, string>> = {
  [INTERNAL_IDENTITY_HEADER]: 'debt.forged',
  'x-forwarded-for': '127.0.0.1',
  'x-forwarded-host': 'debt:4001',
  forwarded: 'for=127.0.0.1',
  'x-real-ip': '127.0.0.1',
  'x-original-url': '/divida/52998224725',
  'x-http-method-override': 'DELETE',
  'apollo-federation-include-trace': 'ftv1',
  'apollographql-client-name': 'Maria Fictícia 52998224725'.normalize('NFD').replace(/[^\x20-\x7e]/g, ''),
  'x-pessoa-titular': '52998224725',
  'x-pessoa-escopos': 'divida:read',
  cookie: 'sessao=52998224725',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  baggage: 'cpf=52998224725',
};

describe('Headers that a client made up', () => {
  let graph: WholeGraph;
  const receivedHeaders: IncomingHttpHeaders[] = [];
  const recorder = createServer((request, response) => {
    receivedHeaders.push(request.headers);
    request.resume().on('end', () => response.writeHead(503).end());
  });
  let url: string;
  beforeAll(async () => {
    graph = await startWholeGraph();
    recorder.listen(0, '127.0.0.1');
    await once(recorder, 'listening');
    const DEBT_URL = `http://127.0.0.1:${(recorder.address() as AddressInfo).port}/graphql`;
    ({ url } = await graph.startAnotherRouter({ DEBT_URL }));
  });
  afterAll(async () => {
    await graph.close();
    recorder.close();
  });

  it.each(['GraphQL', 'REST'])(
    'do not reach a subgraph by %s: it gets the headers that it needs, and the router’s own proof',
    async (door) => {
      const token = await graph.environment.token();
      const cpf = newCpf();
      receivedHeaders.splice(0);
      if (door === 'REST') await rest(url, `/divida/${cpf}`, token, STRANGE);
      else await graphql(url, { query: `{ pessoa(cpf: "${cpf}") { nome } }`, token, headers: STRANGE });
      expect(receivedHeaders.length).toBeGreaterThan(0);
      for (const headers of receivedHeaders) {
        const { [INTERNAL_IDENTITY_HEADER]: proof, ...otherHeaders } = headers;
        expect(proof).not.toContain('forged');
        expect(Object.keys(otherHeaders).toSorted()).toEqual(
          [
            'accept',
            'authorization',
            'connection',
            'content-length',
            'content-type',
            'host',
            'x-fapi-interaction-id',
            'x-finalidade',
          ].filter((name) => name in otherHeaders),
        );
        expect(JSON.stringify(otherHeaders)).not.toMatch(/52998224725|forged|debt:4001/);
      }
    },
  );

  it('are ignored by a subgraph that a client calls directly', async () => {
    const cpf = newCpf();
    const token = await graph.environment.token({ scope: 'score:read' });
    const { status } = await rest(graph.subgraphs.debt.url, `/divida/${cpf}`, token, STRANGE);
    const response = await graphql(graph.subgraphs.debt.url, {
      query: `{ pessoa(cpf: "${cpf}") { nome } }`,
      token,
      headers: STRANGE,
    });
    expect({ rest: status, graphql: response.status }).toEqual({ rest: 403, graphql: 401 });
  });
});
