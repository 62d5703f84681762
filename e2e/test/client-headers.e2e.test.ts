import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { INTERNAL_IDENTITY_HEADER } from '@pessoa/service/identity/internal-identity';
import { graphql, rest } from '@pessoa/testkit/graphql-client';
import { newCpf } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

/** What a client may send in the hope that a subgraph believes it, or that it is kept. */
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

describe('Headers of a client', () => {
  let graph: WholeGraph;
  const seen: IncomingHttpHeaders[] = [];
  const recorder = createServer((request, response) => {
    seen.push(request.headers);
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
    'by %s reach no subgraph but for those that it needs, and its proof is the router’s own',
    async (door) => {
      const token = await graph.environment.token();
      const cpf = newCpf();
      seen.splice(0);
      if (door === 'REST') await rest(url, `/divida/${cpf}`, token, STRANGE);
      else await graphql(url, { query: `{ pessoa(cpf: "${cpf}") { nome } }`, token, headers: STRANGE });
      expect(seen.length).toBeGreaterThan(0);
      for (const headers of seen) {
        const { [INTERNAL_IDENTITY_HEADER]: proof, ...others } = headers;
        expect(proof).not.toContain('forged');
        expect(Object.keys(others).toSorted()).toEqual(
          [
            'accept',
            'authorization',
            'connection',
            'content-length',
            'content-type',
            'host',
            'x-fapi-interaction-id',
            'x-finalidade',
          ].filter((name) => name in others),
        );
        expect(JSON.stringify(others)).not.toMatch(/52998224725|forged|debt:4001/);
      }
    },
  );

  it('of that kind are believed by no subgraph that is asked itself', async () => {
    const cpf = newCpf();
    const token = await graph.environment.token({ scope: 'score:read' });
    const { status } = await rest(graph.subgraphs.debt.url, `/divida/${cpf}`, token, STRANGE);
    const asked = await graphql(graph.subgraphs.debt.url, {
      query: `{ pessoa(cpf: "${cpf}") { nome } }`,
      token,
      headers: STRANGE,
    });
    expect({ rest: status, graphql: asked.status }).toEqual({ rest: 403, graphql: 401 });
  });
});
