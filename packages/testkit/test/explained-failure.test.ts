import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientCall } from '../src/client-calls.ts';
import { explain } from '../src/explained-failure.ts';
import { graphql, rest } from '../src/graphql-client.ts';

describe('A test that fails', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const body = request.url === '/graphql' ? { data: { lido: true } } : { code: 'FONTE_LENTA' };
      response.setHeader('x-fapi-interaction-id', `of ${request.url}`).end(JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  const calls = (): ClientCall[] => (globalThis as unknown as { clientCalls: ClientCall[] }).clientCalls;
  const explainedStack = (): string => {
    const error = new Error('not as expected');
    explain(error, calls());
    return error.stack!;
  };

  it('prints its requests with variables, answers and interaction ids, and no token', async () => {
    await graphql(url, { query: '{ lido }', variables: { first: 7 }, token: 'SEGREDO' });
    await rest(url, '/score/52998224725', 'SEGREDO');
    expect(explainedStack()).toMatch(
      /^Error: not as expected\n\nrequest: \{ lido \}\nvariables: \{"first":7\}\nanswer: 200, x-fapi-interaction-id of \/graphql\n\{"data":\{"lido":true\}\}\n\nrequest: GET \/score\/52998224725\n.*\n.*\n\{"code":"FONTE_LENTA"\}\n\n\s+at /,
    );
    expect(explainedStack()).not.toContain('SEGREDO');
  });

  it('prints no calls of earlier tests', () => {
    expect(calls()).toEqual([]);
    expect(explainedStack()).toMatch(/^Error: not as expected\n\s+at /);
  });

  it('prints only its last three calls, and cuts a long answer', async () => {
    for (let round = 1; round <= 9; round++) await rest(url, `/${round}`);
    expect(calls().map(({ request }) => request)).toEqual(['GET /7', 'GET /8', 'GET /9']);
    const error = new Error('long');
    explain(error, [{ ...calls()[0]!, body: 'x'.repeat(100_000) }]);
    expect(error.stack!.length).toBeLessThan(10_000);
  });
});
