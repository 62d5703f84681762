import { type Cpf, cpfFromBase, readCpf } from '@pessoa/domain/cpf';
import { CPFS_MAX } from '@pessoa/domain/paging';
import { personReads } from '@pessoa/service/graphql/person-reads';
import { personRequests } from '@pessoa/service/graphql/requested-people';
import { definitionsUsedBy, selectionOf, variablesOf } from '@pessoa/service/graphql/selection';
import fc from 'fast-check';
import { graphql, type OperationDefinitionNode, parse } from 'graphql';
import { peopleOfRoot } from '../src/execution/root-people.ts';
import { isFieldRequested, readFetchShape } from '../src/execution/fetch-shape.ts';
import { checkArgumentLimits } from '../src/limits/argument-limits.ts';
import { subgraphSchema } from './graph/subgraphs.ts';

/** The CPFs whose name Debt's resolver gave. */
const readCpfs: string[] = [];
const schema = subgraphSchema('debt', {
  nome: ({ cpf }) => {
    readCpfs.push(cpf);
    return 'Ana Fictícia';
  },
});

const cpfs = Array.from({ length: 6 }, (_, n) => cpfFromBase(String(310_000_000 + n * 7)));
const punctuated = (cpf: string) => cpf.replace(/(...)(...)(...)(..)/, '$1.$2.$3-$4');

type Variables = Record<string, unknown>;

function operationOf(query: string, name?: string) {
  const document = parse(query);
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === 'OperationDefinition' && (name === undefined || definition.name?.value === name),
  )!;
  return { document, operation };
}

/** The people whose data graphql-js reads. */
async function peopleByGraphql(query: string, variables: Variables): Promise<string[]> {
  readCpfs.length = 0;
  const { errors } = await graphql({ schema, source: query, variableValues: variables });
  expect(errors).toBeUndefined();
  return [...new Set(readCpfs)].toSorted();
}

/** The people that the audit records. */
const peopleByAudit = (query: string, variables: Variables): Cpf[] => {
  const { document, operation } = operationOf(query);
  return personReads(document, operation, variables).map(({ cpf }) => cpf).toSorted(); // prettier-ignore
};

/** The people that the check of answers expects. */
const peopleByCheck = (query: string, variables: Variables): string[] => {
  const shape = readFetchShape(query, schema);
  const allVariables = shape.withDefaults(variables);
  const people = shape.roots
    .filter((root) => isFieldRequested(root, undefined, allVariables))
    .flatMap((root) => peopleOfRoot(root, allVariables)?.people ?? []);
  return [...new Set(people.map(({ cpf }) => String(cpf)))].toSorted();
};

const cpf = fc.constantFrom(...cpfs);
const cpfInSomeForm = fc.tuple(cpf, fc.boolean()).map(([value, isPlain]) => (isPlain ? value : punctuated(value)));
/** A CPF in an operation: a literal, a variable, a default, or a variable that replaces its default. */
const cpfValue = fc.record({
  form: fc.constantFrom('literal', 'variable', 'default', 'both'),
  value: cpfInSomeForm,
  other: cpfInSomeForm,
});
const root = fc.record({
  kind: fc.constantFrom('pessoa', 'pessoas', 'single'),
  people: fc.array(cpfValue, { minLength: 1, maxLength: 3 }),
  place: fc.constantFrom('plain', 'inline', 'fragment', 'nested'),
  condition: fc.constantFrom('none', 'none', 'true', 'false', 'default', 'overridden'),
});

/** Writes an operation over Debt's schema, and its variables. */
function writeOperation(roots: readonly (typeof root extends fc.Arbitrary<infer T> ? T : never)[]) {
  const variables: Variables = {};
  const definitions: string[] = [];
  const fragments: string[] = [];
  let names = 0;
  const reference = ({ form, value, other }: { form: string; value: string; other: string }): string => {
    if (form === 'literal') return JSON.stringify(value);
    const name = `v${names++}`;
    definitions.push(
      `$${name}: CPF!${form === 'variable' ? '' : ` = ${JSON.stringify(form === 'both' ? other : value)}`}`,
    );
    if (form !== 'default') variables[name] = value;
    return `$${name}`;
  };
  const conditionOf = (condition: string): string => {
    if (condition === 'none') return '';
    if (condition === 'true' || condition === 'false') return `@include(if: ${condition})`;
    const name = `c${names++}`;
    definitions.push(`$${name}: Boolean! = true`);
    if (condition === 'overridden') variables[name] = false;
    return `@include(if: $${name})`;
  };
  const fields = roots.map(({ kind, people, place, condition }, index) => {
    const named = kind === 'pessoas' ? people : people.slice(0, 1);
    const list = named.map(reference);
    const argument =
      kind === 'pessoa' ? `pessoa(cpf: ${list[0]})` : `pessoas(cpfs: ${kind === 'single' && list[0]!.startsWith('"') ? list[0] : `[${list.join(', ')}]`})`; // prettier-ignore
    const field = `r${index}: ${argument} ${conditionOf(condition)} { nome ...N }`;
    if (place === 'plain') return field;
    if (place === 'inline') return `... on Query { ${field} }`;
    fragments.push(`fragment F${index} on Query { ${field} }`);
    if (place === 'fragment') return `...F${index}`;
    fragments.push(`fragment G${index} on Query { ...F${index} ...F${index} }`);
    return `...G${index} ...F${index}`;
  });
  const head = definitions.length === 0 ? 'query' : `query (${definitions.join(', ')})`;
  return {
    query: [`${head} { ${fields.join(' ')} }`, 'fragment N on Pessoa { cpf }', ...fragments].join(' '),
    variables,
  };
}

describe('The audit, the check of answers and graphql-js find the same people', () => {
  it('in generated operations', async () => {
    let people = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(root, { minLength: 1, maxLength: 4 }), async (roots) => {
        const { query, variables } = writeOperation(roots);
        const expected = await peopleByGraphql(query, variables);
        expect({ query, variables, people: peopleByAudit(query, variables) }).toEqual({
          query,
          variables,
          people: expected,
        });
        expect({ query, variables, people: peopleByCheck(query, variables) }).toEqual({
          query,
          variables,
          people: expected,
        });
        people += expected.length;
      }),
      { numRuns: 500 },
    );
    expect(people).toBeGreaterThan(500);
  });

  const [ana, bia] = cpfs as [Cpf, Cpf];
  const cases: [string, string, Variables][] = [
    ['a value that replaces its default', `query ($c: CPF! = "${ana}") { pessoa(cpf: $c) { nome } }`, { c: bia }],
    ['the default of a variable that is not sent', `query ($c: CPF! = "${ana}") { pessoa(cpf: $c) { nome } }`, {}],
    ['a default list', `query ($c: [CPF!]! = ["${ana}", "${bia}"]) { pessoas(cpfs: $c) { nome } }`, {}],
    [
      'a list that replaces a default list',
      `query ($c: [CPF!]! = ["${ana}"]) { pessoas(cpfs: $c) { nome } }`,
      { c: [bia] },
    ],
    ['a single value for a list, which replaces a default', `query ($c: [CPF!] = ["${ana}"]) { pessoas(cpfs: $c) { nome } }`.replace('[CPF!]', '[CPF!]!'), { c: bia }], // prettier-ignore
    ['a variable inside a list', `query ($c: CPF! = "${ana}") { pessoas(cpfs: [$c, "${ana}"]) { nome } }`, { c: bia }],
    ['a variable called constructor', 'query ($constructor: CPF!) { pessoa(cpf: $constructor) { nome } }', { constructor: ana }], // prettier-ignore
    ['a repeated response key', `{ pessoa(cpf: "${ana}") { cpf } ...F } fragment F on Query { pessoa(cpf: "${ana}") { nome } }`, {}], // prettier-ignore
    ['@skip by a value that replaces its default', `query ($s: Boolean! = true) { pessoa(cpf: "${ana}") @skip(if: $s) { nome } }`, { s: false }], // prettier-ignore
    ['two conditions on one fragment', `query ($a: Boolean!, $b: Boolean!) { ...F @include(if: $a) ...F @include(if: $b) } fragment F on Query { pessoa(cpf: "${ana}") { nome } }`, { a: false, b: true }], // prettier-ignore
    ['a condition beside no condition', `query ($a: Boolean!) { ...F @include(if: $a) ...F } fragment F on Query { pessoa(cpf: "${ana}") { nome } }`, { a: false }], // prettier-ignore
    ['a condition that does not hold', `query ($a: Boolean!) { ...F @include(if: $a) } fragment F on Query { pessoa(cpf: "${ana}") { nome } }`, { a: false }], // prettier-ignore
  ];
  it.each(cases)('by %s', async (_, query, variables) => {
    const expected = await peopleByGraphql(query, variables);
    expect({ byAudit: peopleByAudit(query, variables), byCheck: peopleByCheck(query, variables) }).toEqual({
      byAudit: expected,
      byCheck: expected,
    });
  });

  it('and an explicit null replaces a default: it names nobody', () => {
    const query = `query ($c: CPF = "${ana}") { pessoa(cpf: $c) { nome } }`;
    expect(peopleByAudit(query, { c: null })).toEqual([]);
    expect(peopleByAudit(query, {})).toEqual([ana]);
    const { operation } = operationOf(query);
    expect({ ...variablesOf(operation, { c: null }) }).toEqual({ c: null });
  });

  it('and the audit has each person once, with all places', () => {
    const query = `{ a: pessoa(cpf: "${ana}") { nome } b: pessoa(cpf: "${punctuated(ana)}") { endereco { cidade } } c: pessoas(cpfs: ["${bia}", "${ana}"]) { nome } }`;
    const { document, operation } = operationOf(query);
    expect(personReads(document, operation, {}).map(({ cpf: person, places }) => [person, places.map(({ path }) => path)])).toEqual([
      [ana, [['a'], ['b'], ['c', 1]]],
      [bia, [['c', 0]]],
    ]); // prettier-ignore
    expect(personRequests(document, operation, {}).map(({ cpf: person }) => readCpf(person))).toEqual([
      ana,
      ana,
      bia,
      ana,
    ]);
  });
});

describe('The limits of arguments apply to one operation', () => {
  const many = `[${Array.from({ length: CPFS_MAX + 1 }, (_, n) => `"${cpfFromBase(String(310_000_000 + n))}"`).join(',')}]`;
  const both = `query Um { pessoa(cpf: "${cpfs[0]}") { nome } } query Dois { ...D } fragment D on Query { pessoas(cpfs: ${many}) { nome } }`;

  it('and not to a fragment that only another operation uses', () => {
    const um = operationOf(both, 'Um');
    expect(() => checkArgumentLimits(um.document, um.operation, {})).not.toThrow();
    const dois = operationOf(both, 'Dois');
    expect(() => checkArgumentLimits(dois.document, dois.operation, {})).toThrow('at most 100');
    expect(definitionsUsedBy(um.document, um.operation)).toHaveLength(1);
    expect(definitionsUsedBy(dois.document, dois.operation)).toHaveLength(2);
  });

  it('with its nested fragments, and with defaults that no value replaces', () => {
    const query = `query ($n: Int = 101) { pessoa(cpf: "${cpfs[0]}") { ...A } } fragment A on Pessoa { ...B } fragment B on Pessoa { dividas(first: $n) { totalCount } }`;
    const { document, operation } = operationOf(query);
    expect(() => checkArgumentLimits(document, operation, {})).toThrow();
    expect(() => checkArgumentLimits(document, operation, { n: 100 })).not.toThrow();
    expect(() => checkArgumentLimits(document, operation, { n: null })).not.toThrow();
  });
});

describe('An operation is read in linear time', () => {
  /** Each fragment spreads the next one twice: there are 2^levels ways to one field. */
  const bomb = (levels: number, spread: (name: string) => string) =>
    `query ($a: Boolean!, $b: Boolean!) { ...F0 } ${Array.from({ length: levels }, (_, n) => `fragment F${n} on Query { ${spread(`F${n + 1}`)} }`).join(' ')} fragment F${levels} on Query { pessoa(cpf: "${cpfs[0]}") { nome } }`;
  const LEVELS = 500; // a document of 1,000 tokens has a hundred

  it.each<[string, (name: string) => string]>([
    ['spread twice', (name) => `...${name} ...${name}`],
    ['spread under two conditions', (name) => `...${name} @include(if: $a) ...${name} @include(if: $b)`],
    ['spread in inline fragments', (name) => `... on Query { ...${name} } ... { ...${name} }`],
  ])('even with deeply nested fragments: %s', (_, spread) => {
    const query = bomb(LEVELS, spread);
    const { document, operation } = operationOf(query);
    const variables = { a: true, b: true };
    expect(personReads(document, operation, variables)).toHaveLength(1);
    expect(personReads(document, operation, { a: false, b: false }).length).toBeLessThanOrEqual(1);
    expect(selectionOf(document, operation).fields).toHaveLength(1);
    expect(() => checkArgumentLimits(document, operation, variables)).not.toThrow();
    expect(peopleOfRoot(readFetchShape(query, schema).roots[0]!, variables)?.people).toMatchObject([{ cpf: cpfs[0] }]);
  });
});
