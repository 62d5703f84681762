import { PublicError } from '@pessoa/domain/errors';
import type { Service } from '@pessoa/domain/services';
import * as faults from './graph/faulty-sources.ts';
import { ANA, BIA } from './graph/people.ts';
import { MAIN_QUERY, MANY_QUERY } from './graph/queries.ts';
import { type GraphqlAnswer, type RouterSettings, startRouter } from './graph/router-under-test.ts';
import { type PessoaFields, startSubgraph } from './graph/subgraphs.ts';
import { composeSupergraph } from './graph/supergraph.ts';

const supergraphSdl = composeSupergraph();
/** A short timeout for Score alone, for tests in which it never answers. */
const shortScoreTimeout = { scoreTransport: { timeoutMillis: 400 } };
/** The default of REQUEST_TIMEOUT_MILLIS. */
const REQUEST_TIMEOUT_MILLIS = 3_000;

interface Outcome {
  readonly answers: GraphqlAnswer[];
  readonly millis: number;
  readonly losses: readonly PublicError[];
}

/** Runs operations on a router whose Score is faulty. The other two sources are healthy. */
async function withFaultyScore(
  score: Promise<{ url: string; close(): Promise<void> }>,
  questions: readonly (readonly [string, Record<string, unknown>])[],
  settings: RouterSettings & { debt?: PessoaFields; event?: PessoaFields } = {},
): Promise<Outcome> {
  const [debt, faulty, event] = await Promise.all([
    startSubgraph('debt', settings.debt),
    score,
    startSubgraph('event', settings.event),
  ]);
  const urls: Record<Service, string> = { debt: debt.url, score: faulty.url, event: event.url };
  const router = await startRouter(supergraphSdl, urls, settings);
  const start = performance.now();
  const answers: GraphqlAnswer[] = [];
  for (const [query, variables] of questions) answers.push(await router.ask(query, variables));
  const millis = performance.now() - start;
  await router.close();
  await Promise.all([debt, faulty, event].map((source) => source.close()));
  return { answers, millis, losses: router.losses };
}

const ofOnePerson = [MAIN_QUERY, { cpf: ANA }] as const;
const ofTwoPeople = [MANY_QUERY, { cpfs: [ANA, BIA] }] as const;

const healthyFields = {
  nome: expect.any(String),
  dividas: { nodes: [expect.any(Object)] },
  eventos: { ultimaCompraCartao: { valor: '9.99' } },
};

const lostAt = (path: (string | number)[], code: string) => ({
  message: expect.any(String),
  path,
  extensions: { code, fonte: 'score' },
});

/** The body of an answer about one person. The router always requests the CPF. */
const pessoaJson = (fields: object) => JSON.stringify({ data: { pessoa: { cpf: ANA, ...fields } } });
const nota = { valor: 1, faixa: 'BOM', motivos: [] };

describe('A lost source loses its own fields only', () => {
  it('if it omits a nested key, with an error at that key', async () => {
    const incomplete = faults.startAnsweringSource(pessoaJson({ score: { valor: 1, faixa: 'BOM' } }));
    const { answers, losses } = await withFaultyScore(incomplete, [ofOnePerson]);
    expect(answers[0]).toMatchObject({ status: 200, data: { pessoa: { ...healthyFields, score: null } } });
    expect(answers[0]?.errors).toEqual([lostAt(['pessoa', 'score', 'motivos'], 'FONTE_INVALIDA')]);
    expect(losses).toMatchObject([{ code: 'FONTE_INVALIDA', fonte: 'score' }]);
  });

  it.each([
    ['is killed', faults.startDeadSource, 'FONTE_INDISPONIVEL'],
    ['hangs', faults.startHangingSource, 'FONTE_LENTA'],
    ['trickles', faults.startTricklingSource, 'FONTE_LENTA'],
    ['hangs up', faults.startDisconnectingSource, 'FONTE_INDISPONIVEL'],
    ['speaks no HTTP', faults.startNonHttpSource, 'FONTE_INVALIDA'],
    ['cuts its answer short', faults.startTruncatingSource, 'FONTE_INVALIDA'],
    ['answers 503', () => faults.startAnsweringSource('{"data":null}', 503), 'FONTE_INDISPONIVEL'],
    [
      'answers 502',
      () => faults.startAnsweringSource('<html>bad gateway at 10.0.0.7</html>', 502),
      'FONTE_INDISPONIVEL',
    ],
    ['answers 500 without GraphQL', () => faults.startAnsweringSource('oops', 500), 'FONTE_INDISPONIVEL'],
    ['answers 404', () => faults.startAnsweringSource(pessoaJson({ score: nota }), 404), 'FONTE_INVALIDA'],
    ['redirects', () => faults.startAnsweringSource('', 302), 'FONTE_INVALIDA'],
    ['answers no JSON', () => faults.startAnsweringSource('garbage'), 'FONTE_INVALIDA'],
    ['answers nothing', () => faults.startAnsweringSource(''), 'FONTE_INVALIDA'],
    ['answers `null`', () => faults.startAnsweringSource('null'), 'FONTE_INVALIDA'],
    ['answers `[]`', () => faults.startAnsweringSource('[]'), 'FONTE_INVALIDA'],
    ['answers `{}`', () => faults.startAnsweringSource('{}'), 'FONTE_INVALIDA'],
    ['answers `{"data":null}`', () => faults.startAnsweringSource('{"data":null}'), 'FONTE_INVALIDA'],
    ['answers a null person', () => faults.startAnsweringSource('{"data":{"pessoa":null}}'), 'FONTE_INVALIDA'],
    ['answers a list for a person', () => faults.startAnsweringSource('{"data":{"pessoa":[]}}'), 'FONTE_INVALIDA'],
    ['omits the field', () => faults.startAnsweringSource(pessoaJson({})), 'FONTE_INVALIDA'],
    ['reports errors that are not a list', () => faults.startAnsweringSource(JSON.stringify({ data: { pessoa: { score: nota } }, errors: {} })), 'FONTE_INVALIDA'], // prettier-ignore
    [
      'answers half a document',
      () => faults.startAnsweringSource(pessoaJson({ score: nota }).slice(0, -4)),
      'FONTE_INVALIDA',
    ],
    [
      'answers more than the limit',
      () => faults.startAnsweringSource(pessoaJson({ score: nota, pad: 'x'.repeat(60_000) })),
      'FONTE_INVALIDA',
    ],
  ])('if it %s', async (_fault, start, code) => {
    const { answers, millis, losses } = await withFaultyScore(start(), [ofOnePerson], {
      transport: { maxResponseBytes: 50_000 },
      ...(code === 'FONTE_LENTA' && shortScoreTimeout),
    });
    expect(answers[0]).toMatchObject({ status: 200, data: { pessoa: { ...healthyFields, score: null } } });
    expect(answers[0]?.errors).toEqual([lostAt(['pessoa', 'score'], code)]);
    expect(millis).toBeLessThan(REQUEST_TIMEOUT_MILLIS);
    expect(losses).toMatchObject([{ code, fonte: 'score' }]);
    expect(answers[0]?.body).not.toMatch(/127\.0|10\.0\.0|invalid\/|ECONN|socket|undici|score"\s*service|serviceName/i);
  });

  it.each([
    ['is killed', faults.startDeadSource, 'FONTE_INDISPONIVEL'],
    ['hangs', faults.startHangingSource, 'FONTE_LENTA'],
    [
      'answers a list of another length',
      () => faults.startAnsweringSource(JSON.stringify({ data: { pessoas: [{ score: nota }] } })),
      'FONTE_INVALIDA',
    ],
    ['answers a null list', () => faults.startAnsweringSource('{"data":{"pessoas":null}}'), 'FONTE_INVALIDA'],
    [
      'answers a null in the list',
      () => faults.startAnsweringSource(JSON.stringify({ data: { pessoas: [{ score: nota }, null] } })),
      'FONTE_INVALIDA',
    ],
    [
      'answers a person for a list',
      () => faults.startAnsweringSource(JSON.stringify({ data: { pessoas: { score: nota } } })),
      'FONTE_INVALIDA',
    ],
  ])('for each person in a list, if it %s', async (_fault, start, code) => {
    const { answers } = await withFaultyScore(start(), [ofTwoPeople], code === 'FONTE_LENTA' ? shortScoreTimeout : {});
    expect(answers[0]).toMatchObject({
      status: 200,
      data: {
        pessoas: [
          { ...healthyFields, score: null },
          { ...healthyFields, score: null },
        ],
      },
    });
    expect(answers[0]?.errors).toEqual([lostAt(['pessoas', 0, 'score'], code), lostAt(['pessoas', 1, 'score'], code)]);
  });

  it('at the paths with the client’s aliases', async () => {
    const query = `{ a: pessoa(cpf: "${ANA}") { documento: cpf nota: score { valor } nome }
      b: pessoas(cpfs: ["${BIA}"]) { ... { perfil { idade } } __typename } }`;
    const { answers } = await withFaultyScore(faults.startDeadSource(), [[query, {}]]);
    expect(answers[0]?.data).toEqual({
      a: { documento: ANA, nota: null, nome: expect.any(String) },
      b: [{ perfil: null, __typename: 'Pessoa' }],
    });
    expect(answers[0]?.errors).toEqual([
      lostAt(['a', 'nota'], 'FONTE_INDISPONIVEL'),
      lostAt(['b', 0, 'perfil'], 'FONTE_INDISPONIVEL'),
    ]);
  });

  it('and no field if the fetch requests only the CPF, which the client sent', async () => {
    const query = 'query ($cpf: CPF!) { pessoa(cpf: $cpf) { cpf } }';
    const dead = (await faults.startDeadSource()).url;
    const router = await startRouter(supergraphSdl, { debt: dead, score: dead, event: dead });
    const { status, data, errors } = await router.ask(query, { cpf: ANA });
    expect({ status, data, errors }).toEqual({ status: 200, data: { pessoa: { cpf: ANA } }, errors: [] });
    await router.close();
  });

  it('so that the person stays an object if all sources are lost', async () => {
    const dead = (await faults.startDeadSource()).url;
    const router = await startRouter(supergraphSdl, { debt: dead, score: dead, event: dead });
    const { status, data, errors } = await router.ask(...ofOnePerson);
    expect({ status, data }).toEqual({
      status: 200,
      data: { pessoa: { nome: null, dividas: null, score: null, eventos: null } },
    });
    expect(new Map(errors.map(({ path, extensions }) => [path?.join('.'), extensions?.['fonte']]))).toEqual(
      new Map([
        ['pessoa.nome', 'divida'],
        ['pessoa.dividas', 'divida'],
        ['pessoa.score', 'score'],
        ['pessoa.eventos', 'evento'],
      ]),
    );
    await router.close();
  });

  it('and its unrequested fields do not replace those of another source', async () => {
    const { answers } = await withFaultyScore(
      faults.startAnsweringSource(pessoaJson({ score: nota, nome: 'x', dividas: null })),
      [ofOnePerson],
    );
    expect(answers[0]).toMatchObject({
      data: { pessoa: { ...healthyFields, nome: `Pessoa ${ANA.slice(0, 9)}` } },
      errors: [],
    });
  });

  it('if it answers about another person', async () => {
    const query = 'query ($cpf: CPF!) { pessoa(cpf: $cpf) { cpf score { valor } } }';
    const { answers } = await withFaultyScore(faults.startAnsweringSource(pessoaJson({ cpf: BIA, score: nota })), [
      [query, { cpf: ANA }],
    ]);
    expect(answers[0]?.data).toEqual({ pessoa: { cpf: ANA, score: null } });
    expect(answers[0]?.errors).toEqual([lostAt(['pessoa', 'score'], 'FONTE_INVALIDA')]);
  });

  it('if it answers an invalid value, beside errors of another source', async () => {
    const debt: PessoaFields = {
      dividas: () => {
        throw new PublicError('FONTE_LENTA', { fonte: 'divida' });
      },
    };
    const invalid = pessoaJson({ score: { valor: 'muito', faixa: 'BOM', motivos: [] } });
    const { answers } = await withFaultyScore(faults.startAnsweringSource(invalid), [ofOnePerson], { debt });
    expect(answers[0]?.data).toMatchObject({ pessoa: { nome: expect.any(String), dividas: null, score: null } });
    expect(answers[0]?.extensions).toBeUndefined();
    expect(answers[0]?.errors).toEqual(
      expect.arrayContaining([
        {
          message: expect.any(String),
          path: ['pessoa', 'dividas'],
          extensions: { code: 'FONTE_LENTA', fonte: 'divida' },
        },
        lostAt(['pessoa', 'score', 'valor'], 'FONTE_INVALIDA'),
      ]),
    );
    expect(answers[0]?.errors).toHaveLength(2);
  });

  it('without calls to it after it failed many times: the breaker is open', async () => {
    const score = await faults.startHangingSource();
    const { answers } = await withFaultyScore(Promise.resolve(score), Array(30).fill(ofOnePerson), {
      scoreTransport: { timeoutMillis: 100 },
    });
    expect(answers.every(({ data }) => (data as { pessoa: { nome: unknown } }).pessoa.nome !== null)).toBe(true);
    expect(answers.at(-1)?.errors).toEqual([lostAt(['pessoa', 'score'], 'FONTE_INDISPONIVEL')]);
    expect(score.count()).toBeLessThan(20);
  });
});

describe('An error that a source reports', () => {
  const debtThrowing = (error: Error): PessoaFields => ({
    dividas: () => {
      throw error;
    },
  });

  const ask = async (debt: PessoaFields) =>
    (await withFaultyScore(startSubgraph('score'), [ofOnePerson, ofTwoPeople], { debt })).answers;

  it.each([
    ['UNAUTHORIZED_FIELD_OR_TYPE', undefined],
    ['FONTE_INDISPONIVEL', 'divida'],
    ['LIMITE_EXCEDIDO', undefined],
  ] as const)('reaches the client with its path: %s', async (code, fonte) => {
    const [first, second] = await ask(debtThrowing(new PublicError(code, fonte ? { fonte } : {})));
    const extensions = fonte ? { code, fonte } : { code };
    expect(first?.errors).toEqual([{ message: expect.any(String), path: ['pessoa', 'dividas'], extensions }]);
    expect(second?.errors.map(({ path }) => path)).toEqual([
      ['pessoas', 0, 'dividas'],
      ['pessoas', 1, 'dividas'],
    ]);
    expect(first?.data).toMatchObject({ pessoa: { nome: expect.any(String), dividas: null, score: { valor: 1 } } });
  });

  it('is INTERNAL_SERVER_ERROR with our message if its code is not in the closed table', async () => {
    const [first] = await ask(debtThrowing(new Error('relation "pessoa" does not exist at db.internal:5432')));
    expect(first?.errors).toEqual([
      {
        message: 'Something went wrong on our side.',
        path: ['pessoa', 'dividas'],
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      },
    ]);
  });

  it('without a path concerns every field of the fetch', async () => {
    const refusal = JSON.stringify({ errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] });
    const { answers } = await withFaultyScore(faults.startAnsweringSource(refusal, 401), [ofOnePerson]);
    expect(answers[0]).toMatchObject({ status: 200, data: { pessoa: { ...healthyFields, score: null } } });
    expect(answers[0]?.errors).toEqual([
      {
        message: 'A valid bearer token is required.',
        path: ['pessoa', 'score'],
        extensions: { code: 'UNAUTHENTICATED' },
      },
    ]);
  });

  it('about the router’s own fetch is FONTE_INVALIDA, because the client did not cause it', async () => {
    const skew = JSON.stringify({
      errors: [{ message: 'Cannot query field', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    const { answers } = await withFaultyScore(faults.startAnsweringSource(skew, 400), [ofOnePerson]);
    expect(answers[0]?.errors).toEqual([lostAt(['pessoa', 'score'], 'FONTE_INVALIDA')]);
  });
});
