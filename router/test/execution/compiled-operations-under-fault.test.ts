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
  /** The expected calls of the other sources. */
  readonly calls: { readonly debt: number; readonly event: number };
}

const supergraphSdl = composeSupergraph();

const question = (query: string, variables: object, otherCalls: number): Question => ({
  ask: (router) => router.ask(query, { ...variables }),
  calls: { debt: otherCalls, event: otherCalls },
});
const ofOnePerson = question(MAIN_QUERY, { cpf: ANA }, 1);
const ofTwoPeople = question(MANY_QUERY, { cpfs: [ANA, BIA] }, 1);
const ofTypes = question(`{ pessoa(cpf: "${ANA}") { __typename score { t: __typename valor } } }`, {}, 0);

const nota = { valor: 1, faixa: 'BOM', motivos: [{ descricao: 'Renda' }] };
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** Adds the CPF, which the router always requests, if the value is an object. */
const withCpf = (fields: unknown, cpf: string): unknown => (isObject(fields) ? { cpf, ...fields } : fields);
const person =
  (fields: unknown, members: object = {}) =>
  () =>
    faults.startAnsweringSource(JSON.stringify({ data: { pessoa: withCpf(fields, ANA) }, ...members }));
const people = (list: unknown) => () => {
  const pessoas: unknown = Array.isArray(list)
    ? list.map((fields: unknown, index) => withCpf(fields, [ANA, BIA][index] ?? ANA))
    : list;
  return faults.startAnsweringSource(JSON.stringify({ data: { pessoas } }));
};
const error = (path: unknown, code = 'FONTE_LENTA') => ({ message: 'x', path, extensions: { code, fonte: 'score' } });

interface Settings {
  readonly debt?: PessoaFields;
  /** Timeout of Score alone. */
  readonly scoreTimeoutMillis?: number;
}

/**
 * Sends a question to `@apollo/gateway` once and to our gateway three times: cold, when it compiles the operation, and
 * warm.
 */
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
  await ask(ours); // the router compiles an operation at its second use
  const [runsBefore, countsBefore] = [ours.executorRuns(), counts()];
  const warm = await ask(ours);
  const warmCalls = Object.fromEntries(
    Object.entries(counts()).map(([name, count]) => [name, count - countsBefore[name]!]),
  );
  const executorRuns = ours.executorRuns() - runsBefore;
  await Promise.all([plain.close(), ours.close()]);
  await Promise.all(Object.values(sources).map((source) => source.close()));
  return { expected, cold, warm, warmCalls, executorRuns };
}

async function withFaultyScore(question: Question, score: faults.FaultySource, settings: Settings = {}) {
  const debt = await startSubgraph('debt', settings.debt);
  const event = await startSubgraph('event');
  const counts = () => ({
    debt: debt.calls.length,
    score: score.count(),
    event: event.calls.length,
  });
  return compare(question, { debt, score, event }, counts, settings.scoreTimeoutMillis);
}

describe('A compiled operation answers as @apollo/gateway does, and calls no source twice, if Score', () => {
  it.each<[string, Question, () => Promise<faults.FaultySource>]>([
    ['hangs up', ofOnePerson, faults.startDisconnectingSource],
    ['cuts its answer short', ofOnePerson, faults.startTruncatingSource],
    ['answers 503', ofOnePerson, () => faults.startAnsweringSource('{"data":null}', 503)],
    ['answers 500 without GraphQL', ofOnePerson, () => faults.startAnsweringSource('oops', 500)],
    ['answers 404', ofOnePerson, () => faults.startAnsweringSource('{}', 404)],
    ['answers no JSON', ofOnePerson, () => faults.startAnsweringSource('garbage')],
    ['answers nothing', ofOnePerson, () => faults.startAnsweringSource('')],
    ['answers `null`', ofOnePerson, () => faults.startAnsweringSource('null')],
    ['answers `{"data":null}`', ofOnePerson, () => faults.startAnsweringSource('{"data":null}')],
    ['answers more than the limit', ofOnePerson, person({ score: nota, pad: 'x'.repeat(60_000) })],
    ['answers a null person', ofOnePerson, person(null)],
    ['answers a list for a person', ofOnePerson, person([])],
    ['omits the field', ofOnePerson, person({})],
    ['omits a nested key', ofOnePerson, person({ score: { ...nota, faixa: undefined } })],
    [
      'answers a null that the schema does not allow',
      ofOnePerson,
      person({ score: { ...nota, motivos: [{ descricao: null }] } }),
    ],
    ['answers a string for a number', ofOnePerson, person({ score: { ...nota, valor: '1' } })],
    ['answers a number over 32 bits', ofOnePerson, person({ score: { ...nota, valor: 1e21 } })],
    ['answers an unknown value of an enum', ofOnePerson, person({ score: { ...nota, faixa: 'OTIMO' } })],
    ['answers an object for a list', ofOnePerson, person({ score: { ...nota, motivos: {} } })],
    ['answers a list for an object', ofOnePerson, person({ score: [nota] })],
    ['answers a leaf for an object', ofOnePerson, person({ score: 7 })],
    ['reports errors that are not a list', ofOnePerson, person({ score: nota }, { errors: {} })],
    ['reports an error below a leaf', ofOnePerson, person({ score: null }, { errors: [error(['pessoa', 'score', 'valor', 'x', 3])] })], // prettier-ignore
    ['reports an error at a null that the schema does not allow', ofOnePerson, person({ score: { ...nota, valor: null } }, { errors: [error(['pessoa', 'score', 'valor'])] })], // prettier-ignore
    ['reports an error at its field', ofOnePerson, person({ score: null }, { errors: [error(['pessoa', 'score'])] })],
    [
      'reports an error beside complete data',
      ofOnePerson,
      person({ score: nota }, { errors: [error(['pessoa', 'score'])] }),
    ],
    ['reports an error without a path', ofOnePerson, person({ score: nota }, { errors: [error(undefined)] })],
    ['refuses the field', ofOnePerson, person({ score: null }, { errors: [error(['pessoa', 'score'], 'UNAUTHORIZED_FIELD_OR_TYPE')] })], // prettier-ignore
    ['answers a list of another length', ofTwoPeople, people([{ score: nota }])],
    ['answers a null in the list', ofTwoPeople, people([{ score: nota }, null])],
    ['answers a null list', ofTwoPeople, people(null)],
    ['omits the field of one person', ofTwoPeople, people([{ score: nota }, {}])],
    [
      'answers an invalid leaf for one person',
      ofTwoPeople,
      people([{ score: nota }, { score: { ...nota, valor: null } }]),
    ],
    ['names another type for a person', ofTypes, person({ __typename: 'Endereco', score: { t: 'Score', valor: 1 } })], // prettier-ignore
    ['names another type for a score', ofTypes, person({ __typename: 'Pessoa', score: { t: 'Endereco', valor: 1 } })], // prettier-ignore
    ['names an unknown type for a score, unrequested', ofTypes, person({ __typename: 'Pessoa', score: { __typename: 'X', t: 'Score', valor: 1 } })], // prettier-ignore
  ])('%s', async (_title, question, start) => {
    const { expected, cold, warm, warmCalls, executorRuns } = await withFaultyScore(question, await start());
    expect({ cold: cold.body, warm: warm.body }).toEqual({ cold: expected.body, warm: expected.body });
    expect({ status: warm.status, warmCalls }).toEqual({ status: 200, warmCalls: { ...question.calls, score: 1 } });
    expect(executorRuns).toBe(1); // the gateway's own executor got the received answers
  });

  it.each([
    ['hangs', ofOnePerson, faults.startHangingSource],
    ['hangs, for a list', ofTwoPeople, faults.startHangingSource],
    ['trickles', ofOnePerson, faults.startTricklingSource],
  ] as const)('%s', async (_title, question, start) => {
    const { expected, cold, warm, warmCalls } = await withFaultyScore(question, await start(), {
      scoreTimeoutMillis: 400,
    });
    expect(expected.errors).toMatchObject(new Array(expected.errors.length || 1).fill({ extensions: { fonte: 'score' } })); // prettier-ignore
    expect({ cold: cold.body, warm: warm.body }).toEqual({ cold: expected.body, warm: expected.body });
    expect(warmCalls).toEqual({ debt: 1, score: 1, event: 1 });
  });

  it('is killed', async () => {
    const { expected, cold, warm, warmCalls } = await withFaultyScore(ofOnePerson, await faults.startDeadSource());
    expect(expected.errors).toMatchObject([{ path: ['pessoa', 'score'] }]);
    expect({ cold: cold.body, warm: warm.body }).toEqual({ cold: expected.body, warm: expected.body });
    expect(warmCalls).toEqual({ debt: 1, score: 0, event: 1 });
  });

  it('speaks no HTTP', async () => {
    const { expected, cold, warm, warmCalls } = await withFaultyScore(ofOnePerson, await faults.startNonHttpSource());
    expect(expected.errors).toMatchObject([{ path: ['pessoa', 'score'] }]);
    expect({ cold: cold.body, warm: warm.body }).toEqual({ cold: expected.body, warm: expected.body });
    expect(warmCalls).toMatchObject({ debt: 1, event: 1 });
  });

  it('answers unrequested fields, which are not irregular', async () => {
    const unrequested = { score: { ...nota, modelo: 'v9' }, nome: 'x', dividas: null };
    const { expected, cold, warm, executorRuns } = await withFaultyScore(ofOnePerson, await person(unrequested)());
    expect(expected.errors).toEqual([]);
    expect({ cold: cold.body, warm: warm.body }).toEqual({ cold: expected.body, warm: expected.body });
    expect(executorRuns).toBe(0);
  });

  it('is lost together with a field of Debt: the errors are the same in any order', async () => {
    const throwSlow = (): never => {
      throw new PublicError('FONTE_LENTA', { fonte: 'divida' });
    };
    const { expected, cold, warm, warmCalls } = await withFaultyScore(
      ofTwoPeople,
      await faults.startAnsweringSource('null'),
      {
        debt: { dividas: throwSlow },
      },
    );
    const sorted = ({ data, errors }: GraphqlAnswer) => ({
      data: JSON.stringify(data),
      errors: errors.map((error) => JSON.stringify(error)).toSorted(),
    });
    expect(expected.errors).toHaveLength(4);
    expect({ cold: sorted(cold), warm: sorted(warm) }).toEqual({ cold: sorted(expected), warm: sorted(expected) });
    expect(warmCalls).toEqual({ debt: 1, score: 1, event: 1 });
  });
});
