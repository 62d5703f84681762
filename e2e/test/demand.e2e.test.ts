import { readFileSync } from 'node:fs';
import type { Cpf } from '@pessoa/domain/cpf';
import { OperationCosts, operationCost } from '@pessoa/router/demand/operation-costs';
import { restRoutes } from '@pessoa/rest/routes';
import type { RunningService } from '@pessoa/service/processes/process';
import { graphql, rest } from '@pessoa/testkit/graphql-client';
import fc from 'fast-check';
import { buildSchema, getNamedType, type GraphQLObjectType, isObjectType, parse } from 'graphql';
import { addPerson, newCpf } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const CASES = 100;
const costs = new OperationCosts(readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8'));
const PEOPLE = 5;
const ALIASES_MAX = 15;

const pessoa = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8')).getType('Pessoa') as GraphQLObjectType; // prettier-ignore

/** Writes selections of random fields, with aliases and pages. */
class SelectionWriter {
  readonly #gen: fc.GeneratorValue;
  #aliases = 0;

  constructor(gen: fc.GeneratorValue) {
    this.#gen = gen;
  }

  write(type: GraphQLObjectType, levels: number): string {
    const fields = Object.values(type.getFields()).filter(
      // `prova` is for the holder alone, who may not read several people.
      ({ name, type: fieldType }) => name !== 'prova' && (levels > 1 || !isObjectType(getNamedType(fieldType))),
    );
    const chosen = this.#gen(fc.array, fc.nat({ max: fields.length - 1 }), { minLength: 1, maxLength: 4 });
    const parts = chosen.map((index) => {
      const { name, args, type: fieldType } = fields[index]!;
      const returned = getNamedType(fieldType);
      const isPaged = args.some((argument) => argument.name === 'first');
      // A field that is selected twice has the same arguments, or another alias.
      const first = isPaged && this.#aliases < ALIASES_MAX ? this.#gen(fc.integer, { min: 1, max: 30 }) : undefined;
      const alias = first === undefined ? '' : `p${this.#aliases++}: `;
      const page = first === undefined ? '' : `(first: ${first === 1 ? 'null' : first})`;
      return `${alias}${name}${page} ${isObjectType(returned) ? this.write(returned, levels - 1) : ''}`;
    });
    return `{ ${parts.join(' ')} __typename }`;
  }
}

describe('The cost of operations on the whole graph', () => {
  let graph: WholeGraph;
  let cpfs: readonly Cpf[];
  let token: string;

  beforeAll(async () => {
    graph = await startWholeGraph({ wiring: 'relayed' });
    const people: Cpf[] = [];
    for (let index = 0; index < PEOPLE; index++) people.push(await addPerson(graph));
    cpfs = [...people, newCpf()];
    token = await graph.environment.token({ consentimento: cpfs });
  });
  afterAll(() => graph.close());

  const costsOf = ({ headers }: { readonly headers: Headers }) => ({
    estimate: Number(headers.get('x-cost-estimate')),
    actual: Number(headers.get('x-cost-actual')),
  });
  const estimateOf = (query: string): number => operationCost(costs, parse(query), undefined, { cpfs }).estimate;
  const ask = (query: string) =>
    graphql(graph.router.url, { token, query, variables: { cpfs }, headers: { 'x-cost': 'true' } });

  it('are never estimated below what the answer cost, and one more field never lowers the estimate', async () => {
    const seen = { answered: 0, cheaper: 0 };
    const property = fc.asyncProperty(fc.gen(), async (gen) => {
      const selection = new SelectionWriter(gen).write(pessoa, 4);
      const query = `query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) ${selection} }`;
      const answer = await ask(query);
      if (answer.status === 400) {
        expect(answer.body.errors?.map(({ extensions }) => extensions?.code)).toEqual(['LIMITE_EXCEDIDO']);
        return;
      }
      expect({ query, status: answer.status, errors: answer.body.errors }).toEqual({
        query,
        status: 200,
        errors: undefined,
      });
      const { estimate, actual } = costsOf(answer);
      expect({ query, actual, isBelow: actual <= estimate }).toEqual({ query, actual, isBelow: true });
      seen.answered++;
      if (actual < estimate) seen.cheaper++;
      expect({ query, estimate }).toEqual({ query, estimate: estimateOf(query) });
      const added = gen(fc.constantFrom, 'resumoDividas { quantidade }', 'score { valor }', 'nome', 'cpf');
      expect(estimateOf(query.replace(/ __typename \} \}$/, ` ${added} } }`))).toBeGreaterThanOrEqual(estimate);
    });
    await fc.assert(property, generatedProperty(CASES));
    expect(Math.min(seen.answered, seen.cheaper)).toBeGreaterThan(generatedCases(CASES) / 2);
  }, 180_000);

  it('are not told unless the client asks, and `x-cost` has one value', async () => {
    const query = `{ pessoa(cpf: "${cpfs[0]}") { nome } }`;
    const { headers } = await graphql(graph.router.url, { token, query });
    expect([...headers.keys()].filter((name) => name.startsWith('x-cost'))).toEqual([]);
    for (const value of ['sim', '1', 'TRUE', 'true, true']) {
      const { status, body } = await graphql(graph.router.url, { token, query, headers: { 'x-cost': value } });
      expect({ status, errors: body.errors }).toEqual({
        status: 400,
        errors: [{ message: '`x-cost` is `true`, given once.', extensions: { code: 'BAD_USER_INPUT' } }],
      });
    }
  });

  describe('with a small budget', () => {
    let small: RunningService;
    beforeAll(async () => {
      small = await graph.startAnotherRouter({ MAX_OPERATION_COST: '1' });
    });

    it('are refused at both doors with the estimate and the budget, and nothing is asked of a subgraph', async () => {
      for (const relay of Object.values(graph.relays)) relay.takeRequestCount();
      for (const route of restRoutes) {
        const answer = await rest(small.url, route.path.replace('{cpf}', cpfs[0]!), token);
        expect({ status: answer.status, body: answer.body }).toEqual({
          status: 400,
          body: expect.objectContaining({
            code: 'LIMITE_EXCEDIDO',
            detail: expect.stringMatching(/^This operation may cost \d+; at most 1 is allowed\.$/),
          }),
        });
      }
      const { status, body } = await graphql(small.url, { token, query: `{ pessoa(cpf: "${cpfs[0]}") { nome } }` });
      expect({ status, codes: body.errors?.map(({ extensions }) => extensions?.code) }).toEqual({ status: 400, codes: ['LIMITE_EXCEDIDO'] }); // prettier-ignore
      expect(Object.values(graph.relays).map((relay) => relay.takeRequestCount())).toEqual([0, 0, 0]);
    });
  });

  it.each(restRoutes.map((route) => [route.path, route] as const))('are told by GET %s too', async (path) => {
    const response = await fetch(graph.router.url + path.replace('{cpf}', cpfs[0]!), {
      headers: { authorization: `Bearer ${token}`, 'x-cost': 'true' },
    });
    const { estimate, actual } = costsOf(response);
    expect(response.status).toBe(200);
    expect(actual).toBeGreaterThan(0);
    expect(actual).toBeLessThanOrEqual(estimate);
  });
});
