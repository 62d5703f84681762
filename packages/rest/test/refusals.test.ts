import { publicErrors, PublicError } from '@pessoa/domain/errors';
import type { PublicErrorCode } from '@pessoa/domain/errors';
import { problemFor } from '../src/problem.ts';
import { ANA, BIA, get, UNKNOWN_PERSON } from './rest-graph.ts';

const everyRoute = ['/divida', '/score', '/evento', '/evento/movtofinanceiro', '/evento/ultcompracartao'];

const answering = (...codes: unknown[]) => ({
  execute: () =>
    Promise.resolve({ data: null, errors: codes.map((code) => ({ message: 'why', extensions: { code } })) }),
});

describe('A parameter is refused', () => {
  it.each(everyRoute)('with CPF_INVALIDO when it is not a CPF: %s', async (path) => {
    for (const invalidCpf of ['52998224724', '11111111111', '529.98224725', '5299822472', '%2052998224725', 'x']) {
      expect(await get(`${path}/${invalidCpf}?limite=0`)).toMatchObject({
        status: 400,
        headers: { 'content-type': 'application/problem+json' },
        body: { code: 'CPF_INVALIDO', type: '/erros/CPF_INVALIDO' },
      });
    }
  });

  it.each(everyRoute)('when the route does not accept it: %s', async (path) => {
    const answer = await get(`${path}/${ANA}?cpf=${BIA}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'BAD_USER_INPUT' } });
    expect(JSON.stringify(answer)).not.toContain(BIA);
  });

  it.each(['/divida', '/evento', '/evento/movtofinanceiro'])(
    'with LIMITE_EXCEDIDO when it asks for more than 100 items a page: %s',
    async (path) => {
      for (const limite of ['101', '99999999999999999999']) {
        expect(await get(`${path}/${ANA}?limite=${limite}`)).toMatchObject({
          status: 400,
          body: { code: 'LIMITE_EXCEDIDO', detail: '`limite` is a whole number from 1 to 100, given once.' },
        });
      }
      expect(await get(`${path}/${ANA}?limite=100`)).toMatchObject({ status: 200 });
    },
  );

  it.each([
    'limite=0',
    'limite=-1',
    'limite=1.5',
    'limite=1e1',
    'limite=',
    'limite=1&limite=2',
    'cursor=',
    'cursor=x',
    'de=2026-02-30',
    'de=01/02/2026',
    'ate=2026-11-22T00:00:00Z',
    'natureza=credito',
    'natureza=CREDITO&natureza=DEBITO',
    'tipo=PIX,BOLSA',
    'tipo=',
    'texto=a&texto=b',
    '__proto__=1',
  ])('when its value is invalid: %s', async (query) => {
    expect(await get(`/evento/movtofinanceiro/${ANA}?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'BAD_USER_INPUT' },
    });
  });

  it('before the operation is executed', async () => {
    const execute = () => Promise.reject(new Error('executed'));
    expect(await get(`/divida/${ANA}?limite=101`, { execute })).toMatchObject({ status: 400 });
  });
});

describe('REST has no partial answer', () => {
  it.each([
    ['/divida', 'Pessoa.nome'],
    ['/score', 'Score.fatores'],
    ['/evento', 'Eventos.ultimaCompraCartao'],
    ['/evento/movtofinanceiro', 'Eventos.movimentacaoFinanceira'],
    ['/evento/ultcompracartao', 'Eventos.ultimaCompraCartao'],
  ])('%s is 403 when %s is refused', async (path, field) => {
    const faults = { [field]: new PublicError('UNAUTHORIZED_FIELD_OR_TYPE') };
    expect(await get(`${path}/${ANA}`, { faults })).toMatchObject({
      status: 403,
      body: problemFor('UNAUTHORIZED_FIELD_OR_TYPE'),
    });
  });

  it.each([
    ['/divida', 'Pessoa.endereco', 'FONTE_LENTA', 'divida'],
    ['/score', 'Pessoa.perfil', 'FONTE_INVALIDA', 'score'],
    ['/evento', 'Eventos.ultimaConsulta', 'FONTE_INDISPONIVEL', 'evento'],
  ] as const)('%s is 503 when %s is lost, with the source and when to ask again', async (path, field, code, fonte) => {
    const faults = { [field]: new PublicError(code, { fonte }) };
    expect(await get(`${path}/${ANA}`, { faults })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5', 'cache-control': 'no-store' },
      body: problemFor(code, undefined, fonte),
    });
  });

  it.each([
    ['/divida', 'Pessoa.dividas', 'divida'],
    ['/score', 'Pessoa.perfil', 'score'],
    ['/score', 'Pessoa.score', 'score'],
    ['/evento', 'Eventos.movimentacaoFinanceira', 'evento'],
    ['/evento/movtofinanceiro', 'Eventos.movimentacaoFinanceira', 'evento'],
    ['/evento', 'Query.pessoa', 'evento'],
  ])('%s never shows a missing %s as an empty list', async (path, field, fonte) => {
    expect(await get(`${path}/${ANA}`, { faults: { [field]: null } })).toMatchObject({
      status: 503,
      body: { code: 'FONTE_INVALIDA', fonte },
    });
  });
});

describe('A refusal', () => {
  it('for missing rights is the same whether the base knows the CPF or not', async () => {
    const faults = { 'Pessoa.dividas': new PublicError('UNAUTHORIZED_FIELD_OR_TYPE') };
    const answerForKnown = await get(`/divida/${ANA}`, { faults });
    expect(answerForKnown.status).toBe(403);
    expect(await get(`/divida/${UNKNOWN_PERSON}`, { faults })).toEqual(answerForKnown);
  });

  it.each([
    ['FONTE_INDISPONIVEL', 'UNAUTHORIZED_FIELD_OR_TYPE', 'UNAUTHORIZED_FIELD_OR_TYPE'],
    ['INTERNAL_SERVER_ERROR', 'UNAUTHORIZED_FIELD_OR_TYPE', 'UNAUTHORIZED_FIELD_OR_TYPE'],
    ['UNAUTHORIZED_FIELD_OR_TYPE', 'FINALIDADE_AUSENTE', 'FINALIDADE_AUSENTE'],
    ['FINALIDADE_AUSENTE', 'UNAUTHENTICATED', 'UNAUTHENTICATED'],
    ['BAD_USER_INPUT', 'FONTE_LENTA', 'FONTE_LENTA'],
    ['RATE_LIMITED', 'FONTE_LENTA', 'FONTE_LENTA'],
    ['LIMITE_EXCEDIDO', 'BAD_USER_INPUT', 'LIMITE_EXCEDIDO'],
  ])('puts authorisation first, then sources, then the first error: %s, %s', async (first, second, chosen) => {
    expect(await get(`/divida/${ANA}`, answering(first, second))).toMatchObject({ body: { code: chosen } });
  });

  it.each([
    ['UNAUTHENTICATED', 401, { 'www-authenticate': 'Bearer' }],
    ['RATE_LIMITED', 429, { 'retry-after': '60' }],
    ['SERVICO_ENCERRANDO', 503, { 'retry-after': '5' }],
  ])('with %s has status %i and the header for it', async (code, status, headers) => {
    expect(await get(`/score/${ANA}`, answering(code))).toMatchObject({ status, headers });
  });

  it.each([[undefined], ['GRAPHQL_VALIDATION_FAILED'], ['DOWNSTREAM_SERVICE_ERROR']])(
    'with a code that the caller cannot have caused is a bug of ours, and hides its message: %s',
    async (code) => {
      expect(await get(`/divida/${ANA}`, answering(code))).toMatchObject({
        status: 500,
        body: problemFor('INTERNAL_SERVER_ERROR'),
      });
    },
  );

  it('that is thrown becomes the answer, but a thrown bug is thrown on', async () => {
    const throwing = (error: Error) => ({ execute: () => Promise.reject(error) });
    const rateLimited = new PublicError('RATE_LIMITED', { detail: '`first` people a minute' });
    expect(await get(`/divida/${ANA}`, throwing(rateLimited))).toMatchObject({
      status: 429,
      body: { detail: '`limite` people a minute' },
    });
    await expect(get(`/divida/${ANA}`, throwing(new TypeError('bug')))).rejects.toThrow('bug');
  });

  it('has the status and the message of the table for every code', () => {
    for (const code of Object.keys(publicErrors) as PublicErrorCode[]) {
      expect(problemFor(code)).toMatchObject({
        code,
        status: publicErrors[code].status,
        title: publicErrors[code].message,
      });
    }
  });
});
