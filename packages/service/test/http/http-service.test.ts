import { PublicError, type PublicErrorCode, retryAfterSeconds } from '@pessoa/domain/errors';
import { createHttpService } from '../../src/http/http-service.ts';
import { createLogger } from '../../src/logging/logger.ts';

function serve() {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'test',
    level: 'info',
    destination: { write: (line) => void lines.push(line) },
  });
  const http = createHttpService({ logger });
  const fail = async (request: { query: unknown }) => {
    throw new PublicError((request.query as { code: PublicErrorCode }).code);
  };
  http.app.get('/rest', fail);
  http.app.get('/graph', { config: { door: 'graphql' } }, fail);
  http.app.post('/echo', async ({ body }) => ({ body }));
  http.app.get('/people/:cpf', async () => {
    throw new Error('no person 529.982.247-25');
  });
  return { ...http, lines };
}

describe('An error before the graph', () => {
  it.each(['FONTE_INDISPONIVEL', 'SERVICO_ENCERRANDO', 'RATE_LIMITED', 'FINALIDADE_AUSENTE'] as const)(
    'says when to come back, the same by both doors: %s',
    async (code) => {
      const { app } = serve();
      const byRest = await app.inject(`/rest?code=${code}`);
      const byGraphql = await app.inject(`/graph?code=${code}`);
      const seconds = retryAfterSeconds[code]?.toString();
      expect([byRest.headers['retry-after'], byGraphql.headers['retry-after']]).toEqual([seconds, seconds]);
      expect(byRest.json()).toMatchObject({ code, type: `/erros/${code}` });
      expect(byGraphql.json()).toMatchObject({ errors: [{ extensions: { code } }] });
      expect(byRest.statusCode).toBe(byGraphql.statusCode);
    },
  );

  it('of ours is told without its words, and logged without the CPF it carries', async () => {
    const { app, lines } = serve();
    const { statusCode, body } = await app.inject('/people/52998224725');
    expect([statusCode, body.includes('person')]).toEqual([500, false]);
    expect(lines.join('')).toContain('no person [CPF]');
    expect(lines.join('')).not.toMatch(/529\.?982/);
  });

  it.each([
    ['{', 'application/json', 400, 'BAD_USER_INPUT'],
    [`"${'a'.repeat(101 * 1024)}"`, 'application/json', 400, 'LIMITE_EXCEDIDO'],
  ])('of a body names what is wrong with it (case %#)', async (payload, type, status, code) => {
    const { app } = serve();
    const answer = await app.inject({ method: 'POST', url: '/echo', payload, headers: { 'content-type': type } });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, code]);
  });
});

describe('The id of an interaction', () => {
  it('is the client’s when it is a UUID, else ours', async () => {
    const { app } = serve();
    const id = '6F1B3D2A-0C55-4F0E-9A4B-3A0C9E1F7D11';
    const idOf = async (given: string) =>
      (await app.inject({ url: '/rest', headers: { 'x-fapi-interaction-id': given } })).headers[
        'x-fapi-interaction-id'
      ];
    expect(await idOf(id)).toBe(id.toLowerCase());
    expect(await idOf('<script>')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('A service that drains', () => {
  it('answers what is under way and refuses the rest', async () => {
    const { app, drain } = serve();
    const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    app.get('/held', async () => {
      isAsked();
      await released;
      return { done: true };
    });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const underWay = fetch(`${url}/held`);
    await asked;
    const drained = drain();
    const late = await fetch(`${url}/rest`);
    expect([late.status, late.headers.get('retry-after'), await late.json()]).toMatchObject([
      503,
      '5',
      { code: 'SERVICO_ENCERRANDO' },
    ]);
    release();
    expect(await (await underWay).json()).toEqual({ done: true });
    await drained;
    await expect(fetch(`${url}/rest`)).rejects.toThrow();
  });
});
