import { readFileSync } from 'node:fs';
import { statementsOf, type Store, stores } from '@pessoa/development/operations/statements';
import { fixedClock } from '@pessoa/domain/data';
import { restRoutes } from '@pessoa/rest/routes';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { graphql } from '@pessoa/testkit/graphql-client';
import { openStatementLog, type StatementLog } from '@pessoa/testkit/statement-log';
import { buildSchema, getNamedType, getOperationAST, type GraphQLObjectType, isObjectType, parse } from 'graphql';
import { addPerson } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const schema = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'));

/** One operation for each field that a person has, with as little as possible beside it. */
function* fieldOperations(type: GraphQLObjectType, path: readonly string[]): Generator<[string, string]> {
  for (const field of Object.values(type.getFields())) {
    if (field.name === 'prova') continue; // for the holder alone; the auditor reads it, whose statements are not counted
    const returned = getNamedType(field.type);
    const selection = [...path, field.name, ...(isObjectType(returned) ? ['__typename'] : [])];
    const text = selection.join(' { ') + ' }'.repeat(selection.length - 1);
    yield [[...path, field.name].join('.'), `query ($cpf: CPF!) { pessoa(cpf: $cpf) { ${text} } }`];
    if (isObjectType(returned)) yield* fieldOperations(returned, [...path, field.name]);
  }
}

const DISTINCT: Readonly<Record<string, string>> = {
  'equal fields under two names': '{ pessoa(cpf: $cpf) { a: dividas { nodes { id } } b: dividas(first: 25) { totalCount } } }',
  'pages of other sizes': '{ pessoa(cpf: $cpf) { a: dividas(first: 1) { nodes { id } } b: dividas(first: 2) { nodes { id } } } }',
  'a summary and totals, with a filter and without': '{ pessoa(cpf: $cpf) { resumoDividas { quantidade } a: dividas { totalCount } b: dividas(filtro: { valorMinimo: "1.00" }) { totalCount } } }',
  'totals of postings and inquiries': '{ pessoa(cpf: $cpf) { eventos { movimentacaoFinanceira { totalCount totalExato } consultas(first: 1) { totalCount } } } }',
  'one person twice': '{ a: pessoa(cpf: $cpf) { nome score { valor } } b: pessoa(cpf: $cpf) { situacaoCadastral perfil { idade } } }',
  'a list of people beside one': '{ pessoa(cpf: $cpf) { nome endereco { uf } } pessoas(cpfs: [$cpf]) { nome eventos { ultimaCompraCartao { id } } } }',
  'a summary of one person, and the total of another': '{ pessoa(cpf: $cpf) { resumoDividas { quantidade } } b: pessoa(cpf: $other) { dividas { totalCount } } }',
  'a fragment in two places': '{ pessoa(cpf: $cpf) { ...F } pessoas(cpfs: [$cpf, $other]) { ...F } } fragment F on Pessoa { nome eventos { consultas { nodes { id } } } }',
}; // prettier-ignore

describe('The statements that `npm run operations` names', () => {
  let graph: WholeGraph;
  const logs = {} as Record<Store, StatementLog>;
  let cpf: string;
  let other: string;
  let token: string;

  beforeAll(async () => {
    graph = await startWholeGraph({
      clock: fixedClock('2026-11-22T15:00:00Z'),
      env: { CACHE_MEMORY_BYTES: '0' },
      envFrom: async ({ baseA, baseB, baseC, auditoria }) => {
        logs['base-a'] = await openStatementLog(baseA.readerUrl);
        logs['base-b'] = await openStatementLog(baseB.readerUrl);
        logs['base-c'] = await openStatementLog(baseC.readerUrl);
        logs.auditoria = await openStatementLog(auditoria.readerUrl);
        return {
          BASE_A_URL: logs['base-a'].url,
          BASE_B_URL: logs['base-b'].url,
          BASE_C_URL: logs['base-c'].url,
          AUDIT_READER_URL: logs.auditoria.url,
        };
      },
    });
    cpf = await addPerson(graph);
    other = await addPerson(graph);
    token = await graph.environment.token({ consentimento: [cpf, other] });
  });
  afterAll(async () => {
    await graph.close();
    await Promise.all(Object.values(logs).map((log) => log.close()));
  });

  async function statementsOnTheWire(query: string): Promise<Record<Store, number>> {
    for (const log of Object.values(logs)) log.clear();
    const variables = { cpf, ...(query.includes('$other') && { other }), first: 25, filtro: null, after: null };
    const { body } = await graphql(graph.router.url, { token, query, variables });
    expect(body.errors).toBeUndefined();
    return Object.fromEntries(stores.map((store) => [store, logs[store].statements().length])) as Record<Store, number>;
  }
  function named(query: string): Record<Store, number> {
    const document = parse(query);
    return statementsOf(schema, document, getOperationAST(document)!);
  }

  it.each([...restRoutes.map(({ name, document }) => [name, document]), ['Pessoa', EXAMPLE_QUERY]])(
    'are those on the wire: %s',
    async (_name, query) => {
      expect(named(query!)).toEqual(await statementsOnTheWire(query!));
    },
  );

  it('are those on the wire for each field of a person alone', async () => {
    const operations = [...fieldOperations(schema.getType('Pessoa') as GraphQLObjectType, [])];
    const different: unknown[] = [];
    for (const [field, query] of operations) {
      const [expected, onTheWire] = [named(query), await statementsOnTheWire(query)];
      if (JSON.stringify(expected) !== JSON.stringify(onTheWire)) different.push({ field, expected, onTheWire });
    }
    expect(different).toEqual([]);
    expect(operations.length).toBeGreaterThan(100);
  });

  it.each(Object.entries(DISTINCT))('are those on the wire: %s', async (_title, selection) => {
    const query = `query (${selection.includes('$other') ? '$cpf: CPF!, $other: CPF!' : '$cpf: CPF!'}) ${selection}`;
    expect(named(query)).toEqual(await statementsOnTheWire(query));
  });
});
