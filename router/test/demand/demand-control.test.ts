import { type Service, serviceNames } from '@pessoa/domain/services';
import { restRoutes } from '@pessoa/rest/routes';
import { getNamedType, getNullableType, isListType, isObjectType, parse } from 'graphql';
import type { Caller } from 'graphql-jwt-guard';
import { CostRules } from '../../src/demand/cost-rules.ts';
import { OperationCosts, operationCost } from '../../src/demand/operation-costs.ts';
import { ANA, cpfNumber } from '../graph/people.ts';
import { type RouterUnderTest, startRouter } from '../graph/router-under-test.ts';
import { startSubgraph, type TestSubgraph } from '../graph/subgraphs.ts';
import { composeWithAuthorization } from '../graph/supergraph.ts';

const supergraphSdl = composeWithAuthorization();
const costs = new OperationCosts(supergraphSdl);
const estimateOf = (query: string, variables = {}) => operationCost(costs, parse(query), undefined, variables).estimate;

const PEOPLE = 'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { nome dividas { nodes { id } } score { valor } } }';
const DENIED_PART = 'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { nome dividas { nodes { id } } } }';
const BUDGET = 1_000;

describe('The router refuses an operation over the budget before it plans it', () => {
  const scopes = new Set<string>();
  const caller: Caller = { isAuthenticated: true, scopes, policies: new Set(['consentimento']) };
  let subgraphs: Record<Service, TestSubgraph>;
  let router: RouterUnderTest;

  beforeAll(async () => {
    const started = await Promise.all(serviceNames.map(async (name) => [name, await startSubgraph(name)] as const));
    subgraphs = Object.fromEntries(started) as typeof subgraphs;
    const { debt, score, event } = subgraphs;
    router = await startRouter(
      supergraphSdl,
      { debt: debt.url, score: score.url, event: event.url },
      { caller: () => caller, context: { wantsCost: true } as never, maxCost: BUDGET },
    );
  });
  beforeEach(() => {
    scopes.clear();
    for (const scope of ['divida:read', 'score:read', 'score:detalhe', 'evento:read', 'evento:movimentacao', 'cadastro:read']) scopes.add(scope); // prettier-ignore
    for (const { calls } of Object.values(subgraphs)) calls.splice(0);
  });
  afterAll(async () => {
    await router.close();
    await Promise.all(Object.values(subgraphs).map((subgraph) => subgraph.close()));
  });

  const cpfsOf = (count: number) => Array.from({ length: count }, (_, n) => cpfNumber(n));
  const calls = () => Object.values(subgraphs).flatMap((subgraph) => subgraph.calls).length;
  const most = (query: string) => {
    let count = 1;
    while (estimateOf(query, { cpfs: cpfsOf(count + 1) }) <= BUDGET) count++;
    return count;
  };

  it('answers with as many people as the budget allows, and refuses one more with the estimate and the budget', async () => {
    const people = most(PEOPLE);
    const answered = await router.ask(PEOPLE, { cpfs: cpfsOf(people) });
    expect({ status: answered.status, errors: answered.errors }).toEqual({ status: 200, errors: [] });
    const before = calls();
    const { status, data, errors } = await router.ask(PEOPLE, { cpfs: cpfsOf(people + 1) });
    const estimate = estimateOf(PEOPLE, { cpfs: cpfsOf(people + 1) });
    expect({ status, data, errors, calls: calls() - before }).toEqual({
      status: 400,
      data: undefined,
      errors: [
        {
          message: `This operation may cost ${estimate}; at most ${BUDGET} is allowed.`,
          extensions: { code: 'LIMITE_EXCEDIDO' },
        },
      ],
      calls: 0,
    });
  });

  it('tells the estimate and the actual cost when the client asks', async () => {
    const { headers } = await router.ask(PEOPLE, { cpfs: cpfsOf(2) });
    expect(headers.get('x-cost-estimate')).toBe(String(estimateOf(PEOPLE, { cpfs: cpfsOf(2) })));
    const actual = Number(headers.get('x-cost-actual'));
    expect(actual).toBeGreaterThan(0);
    expect(actual).toBeLessThan(Number(headers.get('x-cost-estimate')));
    const refused = await router.ask(PEOPLE, { cpfs: cpfsOf(100) });
    expect(refused.headers.get('x-cost-estimate')).toBe(String(estimateOf(PEOPLE, { cpfs: cpfsOf(100) })));
    expect(refused.headers.get('x-cost-actual')).toBeUndefined();
  });

  it('does not charge what the guard takes out', async () => {
    scopes.delete('divida:read');
    const { status, headers } = await router.ask(PEOPLE, { cpfs: cpfsOf(20) });
    const allowed = 'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { score { valor } } }';
    expect({ status, estimate: headers.get('x-cost-estimate') }).toEqual({
      status: 200,
      estimate: String(estimateOf(allowed, { cpfs: cpfsOf(20) })),
    });
  });

  it('but charges the people, also when everything is denied', async () => {
    scopes.clear();
    const { data, headers } = await router.ask(DENIED_PART, { cpfs: cpfsOf(30) });
    const people = String(estimateOf('query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { cpf } }', { cpfs: cpfsOf(30) }));
    expect({ data, estimate: headers.get('x-cost-estimate'), actual: headers.get('x-cost-actual'), calls: calls() }).toEqual({ data: null, estimate: people, actual: people, calls: 0 }); // prettier-ignore
    const roots = Array.from({ length: 5 }, (_, n) => `r${n}: pessoas(cpfs: $cpfs) { nome }`).join(' ');
    const { errors } = await router.ask(`query ($cpfs: [CPF!]!) { ${roots} }`, { cpfs: cpfsOf(100) });
    expect(errors.map(({ extensions }) => extensions?.['code'])).toEqual(['LIMITE_EXCEDIDO']);
  });

  it('checks the variables first', async () => {
    const { errors } = await router.ask(PEOPLE, { cpfs: [...cpfsOf(99), 'no CPF'] });
    expect(errors.map(({ extensions }) => extensions?.['code'])).toEqual(['CPF_INVALIDO']);
  });

  it('answers every REST route within it, with the largest page', () => {
    for (const { name, document } of restRoutes) {
      const { estimate } = operationCost(costs, parse(document), name, { cpf: ANA, first: 100 });
      expect({ name, isWithin: estimate < 10_000 / 10 }).toEqual({ name, isWithin: true });
    }
  });
});

describe('The SDL of the graph', () => {
  it('gives a size to every list of objects', () => {
    const rules = new CostRules(supergraphSdl);
    const types = Object.values(rules.schema.getTypeMap()).filter((type) => isObjectType(type));
    const fields = types.flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })));
    const sized = new Set<string>();
    for (const { type, field } of fields) {
      const { sizedFields = [] } = rules.listSize(type, field.name) ?? {};
      for (const name of sizedFields) sized.add(`${getNamedType(field.type).name}.${name}`);
    }
    const unsized = fields
      .filter(
        ({ type, field }) =>
          isListType(getNullableType(field.type)) &&
          isObjectType(getNamedType(field.type)) &&
          !rules.listSize(type, field.name),
      ) // prettier-ignore
      .map(({ type, field }) => `${type.name}.${field.name}`)
      .filter((place) => !place.startsWith('__') && !sized.has(place));
    expect(unsized).toEqual([]);
  });
});
