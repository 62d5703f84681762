import { PublicError } from '@pessoa/domain/errors';
import type { Service } from '@pessoa/domain/services';
import * as faults from '../graph/faulty-sources.ts';
import { ANA, BIA } from '../graph/people.ts';
import { MAIN_QUERY, MANY_QUERY } from '../graph/queries.ts';
import { type GraphqlAnswer, type RouterUnderTest, startRouter } from '../graph/router-under-test.ts';
import { type PessoaFields, startSubgraph } from '../graph/subgraphs.ts';
import { composeSupergraph } from '../graph/supergraph.ts';

type Source = { readonly url: string; close(): Promise<void> };

interface Question {
  readonly ask: (router: RouterUnderTest) => Promise<GraphqlAnswer>;
  /** Whom else than Score it takes. */
  readonly asked: { readonly debt: number; readonly event: number };
}

const supergraphSdl = composeSupergraph();

const question = (query: string, variables: object, others: number): Question => ({
  ask: (router) => router.ask(query, { ...variables }),
  asked: { debt: others, event: others },
});
const one = question(MAIN_QUERY, { cpf: ANA }, 1);
const two = question(MANY_QUERY, { cpfs: [ANA, BIA] }, 1);
const typed = question(`{ pessoa(cpf: "${ANA}") { __typename score { t: __typename valor } } }`, {}, 0);

const nota = { valor: 1, faixa: 'BOM', motivos: [{ descricao: 'Renda' }] };
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** With the CPF, which the router asks for, where it is a person at all. */
const identified = (fields: unknown, cpf: string): unknown => (isObject(fields) ? { cpf, ...fields } : fields);
const person =
  (fields: unknown, more: object = {}) =>
  () =>
    faults.startAnsweringSource(JSON.stringify({ data: { pessoa: identified(fields, ANA) }, ...more }));
const people = (list: unknown) => () => {
  const pessoas: unknown = Array.isArray(list)
    ? list.map((one: unknown, index) => identified(one, [ANA, BIA][index] ?? ANA))
    : list;
  return faults.startAnsweringSource(JSON.stringify({ data: { pessoas } }));
};
const error = (path: unknown, code = 'FONTE_LENTA') => ({ message: 'x', path, extensions: { code, fonte: 'score' } });

interface Settings {
  readonly debt?: PessoaFields;
  /** Of Score, before its answer is given up; the others may take their time. */
  readonly scoreTimeoutMillis?: number;
}

/** Asks `@apollo/gateway` as it is once and ours twice: what comes of it, and how often the sources were asked. */
async function compare(
  { ask }: Question,
  sources: Record<Service, Source>,
  counts: () => Record<string, number>,
  scoreTimeoutMillis = 10_000,
) {
  const urls = { debt: sources.debt.url, score: sources.score.url, event: sources.event.url };
  const settings = {
    transport: { maxResponseBytes: 50_000 },
    scoreTransport: { timeoutMillis: scoreTimeoutMillis },
  };
  const plain = await startRouter(supergraphSdl, urls, { ...settings, plainGateway: true });
  const ours = await startRouter(supergraphSdl, urls, settings);
  const expected = await ask(plain);
  const cold = await ask(ours);
  await ask(ours); // what is asked once is not compiled
  const [stockBefore, countsBefore] = [ours.executorRuns(), counts()];
  const warm = await ask(ours);
  const asked = Object.fromEntries(Object.entries(counts()).map(([name, now]) => [name, now - countsBefore[name]!]));
  const stockRuns = ours.executorRuns() - stockBefore;
  await Promise.all([plain.close(), ours.close()]);
  await Promise.all(Object.values(sources).map((source) => source.close()));
  return { expected, cold, warm, asked, stockRuns };
}

async function withFaultyScore(asked: Question, score: faults.FaultySource, settings: Settings = {}) {
  const debt = await startSubgraph('debt', settings.debt);
  const event = await startSubgraph('event');
  const counts = () => ({
    debt: debt.calls.length,
    score: score.count(),
    event: event.calls.length,
  });
  return compare(asked, { debt, score, event }, counts, settings.scoreTimeoutMillis);
}

describe('A compiled operation answers as @apollo/gateway does, and asks no source twice, when Score', () => {
  it.each<[string, Question, () => Promise<faults.FaultySource>]>([
    ['hangs up', one, faults.startDisconnectingSource],
    ['cuts its answer short', one, faults.startTruncatingSource],
    ['answers 503', one, () => faults.startAnsweringSource('{"data":null}', 503)],
    ['answers 500 without GraphQL', one, () => faults.startAnsweringSource('oops', 500)],
    ['answers 404', one, () => faults.startAnsweringSource('{}', 404)],
    ['answers no JSON', one, () => faults.startAnsweringSource('garbage')],
    ['answers nothing', one, () => faults.startAnsweringSource('')],
    ['answers `null`', one, () => faults.startAnsweringSource('null')],
    ['answers `{"data":null}`', one, () => faults.startAnsweringSource('{"data":null}')],
    ['answers more than may be read', one, person({ score: nota, pad: 'x'.repeat(60_000) })],
    ['answers a null person', one, person(null)],
    ['answers a list for a person', one, person([])],
    ['leaves the field out', one, person({})],
    ['leaves a key out further down', one, person({ score: { ...nota, faixa: undefined } })],
    ['answers null where none may be', one, person({ score: { ...nota, motivos: [{ descricao: null }] } })],
    ['answers text for a number', one, person({ score: { ...nota, valor: '1' } })],
    ['answers a number over 32 bits', one, person({ score: { ...nota, valor: 1e21 } })],
    ['answers no value of the enum', one, person({ score: { ...nota, faixa: 'OTIMO' } })],
    ['answers an object for a list', one, person({ score: { ...nota, motivos: {} } })],
    ['answers a list for an object', one, person({ score: [nota] })],
    ['answers a leaf for an object', one, person({ score: 7 })],
    ['reports errors that are no list', one, person({ score: nota }, { errors: {} })],
    ['reports an error deeper than was asked for', one, person({ score: null }, { errors: [error(['pessoa', 'score', 'valor', 'x', 3])] })], // prettier-ignore
    ['reports an error where it has a null that may not be', one, person({ score: { ...nota, valor: null } }, { errors: [error(['pessoa', 'score', 'valor'])] })], // prettier-ignore
    ['reports an error at its field', one, person({ score: null }, { errors: [error(['pessoa', 'score'])] })],
    ['reports an error beside whole data', one, person({ score: nota }, { errors: [error(['pessoa', 'score'])] })],
    ['reports an error without a path', one, person({ score: nota }, { errors: [error(undefined)] })],
    ['refuses the field', one, person({ score: null }, { errors: [error(['pessoa', 'score'], 'UNAUTHORIZED_FIELD_OR_TYPE')] })], // prettier-ignore
    ['answers a list of another length', two, people([{ score: nota }])],
    ['answers a null in the list', two, people([{ score: nota }, null])],
    ['answers a null list', two, people(null)],
    ['leaves the field of one person out', two, people([{ score: nota }, {}])],
    ['answers a leaf wrongly for one person', two, people([{ score: nota }, { score: { ...nota, valor: null } }])],
    ['says that a person is of another type', typed, person({ __typename: 'Endereco', score: { t: 'Score', valor: 1 } })], // prettier-ignore
    ['says that a score is of another type', typed, person({ __typename: 'Pessoa', score: { t: 'Endereco', valor: 1 } })], // prettier-ignore
    ['says, unasked, that a score is of no known type', typed, person({ __typename: 'Pessoa', score: { __typename: 'X', t: 'Score', valor: 1 } })], // prettier-ignore
  ])('%s', async (_title, asking, start) => {
    const { expected, cold, warm, asked, stockRuns } = await withFaultyScore(asking, await start());
    expect([cold.text, warm.text]).toEqual([expected.text, expected.text]);
    expect([warm.status, asked]).toEqual([200, { ...asking.asked, score: 1 }]);
    expect(stockRuns).toBe(1); // the answers were played to the gateway's own executor
  });

  it.each([
    ['hangs', one, faults.startHangingSource],
    ['hangs, for a list', two, faults.startHangingSource],
    ['trickles', one, faults.startTricklingSource],
  ] as const)('%s', async (_title, asking, start) => {
    const { expected, cold, warm, asked } = await withFaultyScore(asking, await start(), { scoreTimeoutMillis: 400 });
    expect(expected.errors).toMatchObject(new Array(expected.errors.length || 1).fill({ extensions: { fonte: 'score' } })); // prettier-ignore
    expect([cold.text, warm.text]).toEqual([expected.text, expected.text]);
    expect(asked).toEqual({ debt: 1, score: 1, event: 1 });
  });

  it('is killed', async () => {
    const { expected, cold, warm, asked } = await withFaultyScore(one, await faults.startDeadSource());
    expect(expected.errors).toMatchObject([{ path: ['pessoa', 'score'] }]);
    expect([cold.text, warm.text]).toEqual([expected.text, expected.text]);
    expect(asked).toEqual({ debt: 1, score: 0, event: 1 });
  });

  it('speaks no HTTP', async () => {
    const { expected, cold, warm, asked } = await withFaultyScore(one, await faults.startNonHttpSource());
    expect(expected.errors).toMatchObject([{ path: ['pessoa', 'score'] }]);
    expect([cold.text, warm.text]).toEqual([expected.text, expected.text]);
    expect(asked).toMatchObject({ debt: 1, event: 1 });
  });

  it('sends what nobody asked for: nothing of it is irregular', async () => {
    const unasked = { score: { ...nota, modelo: 'v9' }, nome: 'x', dividas: null };
    const { expected, cold, warm, stockRuns } = await withFaultyScore(one, await person(unasked)());
    expect(expected.errors).toEqual([]);
    expect([cold.text, warm.text]).toEqual([expected.text, expected.text]);
    expect(stockRuns).toBe(0);
  });

  it('is lost together with a field of Debt: the same errors, in an order that is nobody’s', async () => {
    const lost = (): never => {
      throw new PublicError('FONTE_LENTA', { fonte: 'divida' });
    };
    const { expected, cold, warm, asked } = await withFaultyScore(two, await faults.startAnsweringSource('null'), {
      debt: { dividas: lost },
    });
    const sorted = ({ data, errors }: GraphqlAnswer) => ({
      data: JSON.stringify(data),
      errors: errors.map((one) => JSON.stringify(one)).toSorted(),
    });
    expect(expected.errors).toHaveLength(4);
    expect([sorted(cold), sorted(warm)]).toEqual([sorted(expected), sorted(expected)]);
    expect(asked).toEqual({ debt: 1, score: 1, event: 1 });
  });
});
