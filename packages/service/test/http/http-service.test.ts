import { PublicError, type PublicErrorCode, retryAfterSeconds } from '@pessoa/domain/errors';
import { testLog } from '@pessoa/testkit/logs/test-log';
import { createHttpService } from '../../src/http/http-service.ts';

function serve() {
  const { logger, lines } = testLog();
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

describe('An error before the execution', () => {
  it.each(['FONTE_INDISPONIVEL', 'SERVICO_ENCERRANDO', 'RATE_LIMITED', 'FINALIDADE_AUSENTE'] as const)(
    'has the same status and Retry-After in REST and GraphQL: %s',
    async (code) => {
      const { app } = serve();
      const byRest = await app.inject(`/rest?code=${code}`);
      const byGraphql = await app.inject(`/graph?code=${code}`);
      const seconds = retryAfterSeconds[code]?.toString();
      expect({ rest: byRest.headers['retry-after'], graphql: byGraphql.headers['retry-after'] }).toEqual({
        rest: seconds,
        graphql: seconds,
      });
      expect(byRest.json()).toMatchObject({ code, type: `/erros/${code}` });
      expect(byGraphql.json()).toMatchObject({ errors: [{ extensions: { code } }] });
      expect(byRest.statusCode).toBe(byGraphql.statusCode);
    },
  );

  it('that is a bug of ours is sent without its message, and logged with the CPF masked', async () => {
    const { app, lines } = serve();
    const { statusCode, body } = await app.inject('/people/52998224725');
    expect(statusCode).toBe(500);
    expect(body).not.toContain('person');
    expect(lines().join('')).toContain('no person [CPF]');
    expect(lines().join('')).not.toMatch(/529\.?982/);
  });

  it.each([
    ['{', 'application/json', 400, 'BAD_USER_INPUT'],
    [`"${'a'.repeat(101 * 1024)}"`, 'application/json', 400, 'LIMITE_EXCEDIDO'],
  ])('of a body has the code for its fault (case %#)', async (payload, type, status, code) => {
    const { app } = serve();
    const answer = await app.inject({ method: 'POST', url: '/echo', payload, headers: { 'content-type': type } });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ code });
  });
});

describe('The interaction id', () => {
  it('is that of the client when it is a UUID, otherwise a new one', async () => {
    const { app } = serve();
    const id = '6F1B3D2A-0C55-4F0E-9A4B-3A0C9E1F7D11';
    const idOf = async (sentId: string) =>
      (await app.inject({ url: '/rest', headers: { 'x-fapi-interaction-id': sentId } })).headers[
        'x-fapi-interaction-id'
      ];
    expect(await idOf(id)).toBe(id.toLowerCase());
    expect(await idOf('<script>')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('A service that drains', () => {
  it('answers active requests and refuses new ones', async () => {
    const { app, drain } = serve();
    const { promise: arrival, resolve: signalArrival } = Promise.withResolvers<void>();
    const { promise: release, resolve: releaseAnswer } = Promise.withResolvers<void>();
    app.get('/held', async () => {
      signalArrival();
      await release;
      return { done: true };
    });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const activeRequest = fetch(`${url}/held`);
    await arrival;
    const drainEnd = drain();
    const newAnswer = await fetch(`${url}/rest`);
    expect({
      status: newAnswer.status,
      retryAfter: newAnswer.headers.get('retry-after'),
      body: await newAnswer.json(),
    }).toMatchObject({ status: 503, retryAfter: '5', body: { code: 'SERVICO_ENCERRANDO' } });
    releaseAnswer();
    expect(await (await activeRequest).json()).toEqual({ done: true });
    await drainEnd;
    await expect(fetch(`${url}/rest`)).rejects.toThrow();
  });
});
