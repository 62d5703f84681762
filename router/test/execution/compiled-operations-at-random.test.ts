import { readFileSync } from 'node:fs';
import { type Service, serviceNames } from '@pessoa/domain/services';
import fc from 'fast-check';
import { buildSchema, getNamedType, type GraphQLObjectType, isObjectType } from 'graphql';
import { ANA, BIA } from '../graph/people.ts';
import { type GraphqlAnswer, type RouterUnderTest, startRouter } from '../graph/router-under-test.ts';
import { startSubgraph, type TestSubgraph } from '../graph/subgraphs.ts';
import { composeSupergraph } from '../graph/supergraph.ts';

const supergraphSdl = composeSupergraph();
const apiSchema = buildSchema(readFileSync(new URL('../../../schema/api.graphql', import.meta.url), 'utf8'));
const LEVELS_MAX = 4;
const ALIASES_MAX = 15;

/** A tree of numbers. The writer uses each number to choose a field of the type at that place. */
interface Choice {
  readonly pick: number;
  readonly form: 'plain' | 'alias' | 'typed' | 'untyped' | 'named';
  readonly inner: readonly Choice[];
}

const choices: fc.Memo<readonly Choice[]> = fc.memo((levels) =>
  fc.array(
    fc.record({
      pick: fc.nat(99),
      form: fc.constantFrom('plain', 'plain', 'alias', 'typed', 'untyped', 'named'),
      inner: levels > 1 ? choices(levels - 1) : fc.constant([]),
    }),
    { minLength: 1, maxLength: 4 },
  ),
);

/** Writes a document that repeats fields and fragments in many places, so that the router must merge them. */
class DocumentWriter {
  #aliases = 0;
  readonly #fragments: string[] = [];

  write(root: string, list: readonly Choice[]): string {
    return [`{ ${root} { ${this.#selectionOf(pessoa, list, LEVELS_MAX)} } }`, ...this.#fragments].join(' ');
  }

  #selectionOf(type: GraphQLObjectType, list: readonly Choice[], levels: number): string {
    return list.map((choice) => this.#inForm(choice.form, type.name, this.#fieldOf(type, choice, levels))).join(' ');
  }

  #fieldOf(type: GraphQLObjectType, { pick, form, inner }: Choice, levels: number): string {
    const fields = Object.values(type.getFields());
    const field = fields[pick % (fields.length + 1)];
    const alias = form === 'alias' && this.#aliases < ALIASES_MAX ? `a${this.#aliases++}: ` : '';
    if (!field) return `${alias}__typename`;
    const named = getNamedType(field.type);
    if (!isObjectType(named)) return `${alias}${field.name}`;
    const isLast = levels === 1 || inner.length === 0;
    return `${alias}${field.name} { ${isLast ? '__typename' : this.#selectionOf(named, inner, levels - 1)} }`;
  }

  #inForm(form: Choice['form'], typeName: string, selection: string): string {
    if (form === 'typed') return `... on ${typeName} { ${selection} }`;
    if (form === 'untyped') return `... { ${selection} }`;
    if (form !== 'named') return selection;
    const name = `F${this.#fragments.length}`;
    this.#fragments.push(`fragment ${name} on ${typeName} { ${selection} }`);
    return `...${name} ...${name}`;
  }
}

const pessoa = apiSchema.getType('Pessoa') as GraphQLObjectType;

describe('A random operation on a person', () => {
  let subgraphs: TestSubgraph[];
  let ours: RouterUnderTest;
  let plain: RouterUnderTest;

  beforeAll(async () => {
    subgraphs = await Promise.all(serviceNames.map((name) => startSubgraph(name)));
    const urls = Object.fromEntries(serviceNames.map((name, index) => [name, subgraphs[index]!.url]));
    ours = await startRouter(supergraphSdl, urls as Record<Service, string>);
    plain = await startRouter(supergraphSdl, urls as Record<Service, string>, { plainGateway: true });
  });
  afterAll(async () => {
    await Promise.all([ours.close(), plain.close(), ...subgraphs.map((subgraph) => subgraph.close())]);
  });

  it('gets the same answer compiled as from @apollo/gateway', async () => {
    let compiled = 0;
    const root = fc.constantFrom(`pessoa(cpf: "${ANA}")`, `pessoas(cpfs: ["${BIA}", "${ANA}"])`);
    const document = fc
      .tuple(root, choices(LEVELS_MAX))
      .map(([field, list]) => new DocumentWriter().write(field, list));
    await fc.assert(
      fc.asyncProperty(document, async (query) => {
        const expected = await plain.ask(query);
        fc.pre(expected.status === 200); // the router refuses documents over a limit
        for (let round = 0; round < 2; round++) await ours.ask(query);
        const before = ours.executorRuns();
        const warmAnswer = await ours.ask(query);
        if (expected.errors.length === 0) {
          expect(warmAnswer.body).toBe(expected.body);
          if (ours.executorRuns() === before) compiled++;
        } else expect(withSortedErrors(warmAnswer)).toEqual(withSortedErrors(expected));
      }),
      { numRuns: 150 },
    );
    expect(compiled).toBeGreaterThan(75);
  });
});

/** Errors of several sources have the order of their answers, so they are compared without order. */
const withSortedErrors = ({ data, errors }: GraphqlAnswer) => ({
  data: JSON.stringify(data),
  errors: errors.map((error) => JSON.stringify(error)).toSorted(),
});
