import { readOutcome } from '@pessoa/audit/read-outcome';
import { AnswerErrors } from '@pessoa/service/graphql/answer-errors';
import { personReads } from '@pessoa/service/graphql/person-reads';
import { type OperationDefinitionNode, parse } from 'graphql';
import * as faults from './graph/faulty-sources.ts';
import { cpfNumber } from './graph/people.ts';
import { type RouterUnderTest, startRouter } from './graph/router-under-test.ts';
import { startSubgraph, type TestSubgraph } from './graph/subgraphs.ts';
import { composeSupergraph } from './graph/supergraph.ts';

const supergraphSdl = composeSupergraph();
const cpfsOf = (count: number) => Array.from({ length: count }, (_, n) => cpfNumber(n));

describe('An answer with thousands of errors', () => {
  let debt: faults.FaultySource;
  let healthySubgraphs: TestSubgraph[];
  let router: RouterUnderTest;
  beforeAll(async () => {
    debt = await faults.startDeadSource();
    healthySubgraphs = await Promise.all([startSubgraph('score'), startSubgraph('event')]);
    router = await startRouter(supergraphSdl, {
      debt: debt.url,
      score: healthySubgraphs[0]!.url,
      event: healthySubgraphs[1]!.url,
    });
  });
  afterAll(async () => {
    await router.close();
    await Promise.all(healthySubgraphs.map((subgraph) => subgraph.close()));
  });

  const query =
    'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { a: nome b: nome c: nome d: nome e: situacaoCadastral score { valor } } }';

  it('has fifty of them, and the count of the others', async () => {
    const { data, errors, extensions } = await router.ask(query, { cpfs: cpfsOf(100) });
    expect({ errorCount: errors.length, extensions }).toEqual({ errorCount: 50, extensions: { errosOmitidos: 450 } });
    expect(data).toMatchObject({ pessoas: expect.arrayContaining([{ a: null, b: null, c: null, d: null, e: null, score: { valor: expect.any(Number) } }]) }); // prettier-ignore
  });

  it.each([
    [10, 50, undefined],
    [11, 50, { errosOmitidos: 5 }],
    [1, 5, undefined],
  ])(
    'about %i people has %i errors, and the number of the rest only if there are more',
    async (people, count, extensions) => {
      const answer = await router.ask(query, { cpfs: cpfsOf(people) });
      expect({ errorCount: answer.errors.length, extensions: answer.extensions }).toEqual({
        errorCount: count,
        extensions,
      });
    },
  );
});

describe('The audit record of a read', () => {
  const fields = (count: number) => Array.from({ length: count }, (_, n) => `f${n}: nome`).join(' ');

  /** Makes an answer in which each field of each person is refused. */
  function refusedAnswer(people: number, fieldCount: number) {
    const document = parse(`query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { ${fields(fieldCount)} } }`);
    const operation = document.definitions[0] as OperationDefinitionNode;
    const keys = Array.from({ length: fieldCount }, (_, n) => `f${n}`);
    const errors = cpfsOf(people).flatMap((_, index) =>
      keys.map((key) => ({
        message: '',
        path: ['pessoas', index, key],
        extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
      })),
    );
    const data = { pessoas: cpfsOf(people).map(() => Object.fromEntries(keys.map((key) => [key, null]))) };
    return () => {
      const reads = personReads(document, operation, { cpfs: cpfsOf(people) });
      const answer = { data, errors: new AnswerErrors(errors) };
      return reads.map((read) => readOutcome(read, answer));
    };
  }

  const millisOf = (work: () => unknown): number => {
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      work();
      return performance.now() - start;
    });
    return Math.min(...times);
  };

  it('takes time linear in the number of errors', () => {
    const [small, large] = [refusedAnswer(10, 50), refusedAnswer(100, 50)];
    expect(large().every(({ resultado, campos }) => resultado === 'NEGADO' && campos.length === 0)).toBe(true);
    expect(millisOf(large)).toBeLessThan(30 * Math.max(millisOf(small), 0.5));
  });

  it('is one for each person, even if an operation requests a person many times', () => {
    const [ana] = cpfsOf(1);
    const roots = Array.from({ length: 5 }, (_, n) => `r${n}: pessoas(cpfs: $cpfs) { nome x${n}: situacaoCadastral }`);
    const document = parse(`query ($cpfs: [CPF!]!) { ${roots.join(' ')} }`);
    const reads = personReads(document, document.definitions[0] as OperationDefinitionNode, {
      cpfs: Array(100).fill(ana),
    });
    expect(reads.map(({ cpf, places }) => ({ cpf, places: places.length }))).toEqual([{ cpf: ana, places: 500 }]);
  });

  it('is PARCIAL if one place has data and another was refused', () => {
    const [ana] = cpfsOf(1);
    const document = parse(`{ a: pessoa(cpf: "${ana}") { nome } b: pessoa(cpf: "${ana}") { situacaoCadastral } }`);
    const [read] = personReads(document, document.definitions[0] as OperationDefinitionNode, {});
    const errors = [
      { message: '', path: ['b', 'situacaoCadastral'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } },
    ];
    const answer = { data: { a: { nome: 'Ana' }, b: { situacaoCadastral: null } }, errors: new AnswerErrors(errors) };
    expect(readOutcome(read!, answer)).toEqual({ campos: ['nome'], resultado: 'PARCIAL' });
  });
});
