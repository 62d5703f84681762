import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AskedCall } from '../src/asked-calls.ts';
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

  const calls = (): AskedCall[] => (globalThis as unknown as { askedCalls: AskedCall[] }).askedCalls;
  const explained = (): string => {
    const error = new Error('not as expected');
    explain(error, calls());
    return error.stack!;
  };

  it('prints what it asked, with which variables, the answer and its interaction id, and no token', async () => {
    await graphql(url, { query: '{ lido }', variables: { first: 7 }, token: 'SEGREDO' });
    await rest(url, '/score/52998224725', 'SEGREDO');
    expect(explained()).toMatch(
      /^Error: not as expected\n\nasked: \{ lido \}\nvariables: \{"first":7\}\nanswered: 200, x-fapi-interaction-id of \/graphql\n\{"data":\{"lido":true\}\}\n\nasked: GET \/score\/52998224725\n.*\n.*\n\{"code":"FONTE_LENTA"\}\n\n\s+at /,
    );
    expect(explained()).not.toContain('SEGREDO');
  });

  it('prints nothing of the test before it', () => {
    expect(calls()).toEqual([]);
    expect(explained()).toMatch(/^Error: not as expected\n\s+at /);
  });

  it('prints the last calls of many, and of a long answer its beginning', async () => {
    for (let round = 1; round <= 9; round++) await rest(url, `/${round}`);
    expect(calls().map(({ asked }) => asked)).toEqual(['GET /7', 'GET /8', 'GET /9']);
    const error = new Error('long');
    explain(error, [{ ...calls()[0]!, body: 'x'.repeat(100_000) }]);
    expect(error.stack!.length).toBeLessThan(10_000);
  });
});
