import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { buildASTSchema, type GraphQLSchema, parse } from 'graphql';
import { readFetchShape } from '../../src/execution/fetch-shape.ts';
import { identifyFetch } from '../../src/execution/identified-fetch.ts';
import { createStandInAnswer, readAnswer } from '../../src/execution/subgraph-answer.ts';
import { lossOf } from '../../src/execution/subgraph-error.ts';
import { ANA, BIA } from '../graph/people.ts';

const apiSchema = (): GraphQLSchema => {
  const sdl = readFileSync(new URL('../../../schema/score.graphql', import.meta.url), 'utf8');
  return buildASTSchema(parse(sdl), { assumeValidSDL: true });
};
const schema = apiSchema();

/** Adds the requested CPF to each person of a body that has none. */
function withCpfs(body: unknown): unknown {
  const { data } = (body ?? {}) as { data?: { pessoa?: unknown; pessoas?: unknown } };
  const withCpf = (person: unknown, cpf: string): unknown =>
    typeof person === 'object' && person !== null && !Array.isArray(person) ? { cpf, ...person } : person;
  if (!data || typeof data !== 'object') return body;
  const { pessoa, pessoas } = data;
  return {
    ...(body as object),
    data: {
      ...data,
      ...('pessoa' in data && { pessoa: withCpf(pessoa, ANA) }),
      ...(Array.isArray(pessoas) && {
        pessoas: pessoas.map((person: unknown, index) => withCpf(person, [ANA, BIA][index] ?? ANA)),
      }),
    },
  };
}

const read = (query: string, variables: Record<string, unknown>, body: unknown, status = 200) => {
  const shape = readFetchShape(query, schema);
  const { cpfKeys } = identifyFetch(query, shape);
  const text = JSON.stringify(cpfKeys.get('pessoa') || cpfKeys.get('pessoas') ? withCpfs(body) : body);
  return readAnswer(shape, variables, { status, text }, 'score', cpfKeys);
};

const ENTITIES = `query ($representations: [_Any!]!, $com: Boolean = true) {
  _entities(representations: $representations) { ... on Pessoa { score @include(if: $com) { valor motivos { codigo } } quem: cpf } }
}`;
const representations = [
  { __typename: 'Pessoa', cpf: ANA },
  { __typename: 'Pessoa', cpf: BIA },
];

describe('An answer to a fetch of entities', () => {
  const completeBody = {
    data: { _entities: [ANA, BIA].map((cpf) => ({ score: { valor: 1, motivos: [] }, quem: cpf })) },
  };

  it('passes if it has every entity, in order', () => {
    expect(read(ENTITIES, { representations, com: true }, completeBody)).toEqual(completeBody);
  });

  it.each([
    ['an entity is absent', { data: { _entities: completeBody.data._entities.slice(1) } }],
    ['entities have another order', { data: { _entities: completeBody.data._entities.toReversed() } }],
    ['an entity is null', { data: { _entities: [null, completeBody.data._entities[1]] } }],
    ['an entity lacks its CPF', { data: { _entities: [{ score: null }, completeBody.data._entities[1]] } }],
  ])('is useless as a whole if %s', (_fault, body) => {
    const { data, errors } = read(ENTITIES, { representations, com: true }, body);
    expect(data).toEqual({
      _entities: [
        { score: null, quem: ANA },
        { score: null, quem: BIA },
      ],
    });
    expect(errors?.map(({ path }) => path)).toEqual([
      ['_entities', 0, 'score'],
      ['_entities', 1, 'score'],
    ]);
  });

  it('may lack a field that a condition excludes', () => {
    const { errors } = read(
      ENTITIES,
      { representations, com: false },
      { data: { _entities: [{ quem: ANA }, { quem: BIA }] } },
    );
    expect(errors).toBeUndefined();
  });
});

describe('An answer is useless as a whole', () => {
  const TWO = 'query ($cpf: CPF!, $cpfs: [CPF!]!) { pessoa(cpf: $cpf) { score { valor } } pessoas(cpfs: $cpfs) { score { valor } } }'; // prettier-ignore
  const variables = { cpf: ANA, cpfs: [BIA] };
  const person = { score: { valor: 1 } };

  it.each([
    ['without any root', {}],
    ['without the root of one person', { pessoas: [person] }],
    ['without the root of several people', { pessoa: person }],
    ['with too few people', { pessoa: person, pessoas: [] }],
    ['with too many people', { pessoa: person, pessoas: [person, person] }],
    ['with a null person', { pessoa: null, pessoas: [person] }],
  ])('%s, and each lost field has an error', (_what, data) => {
    const answer = read(TWO, variables, { data });
    expect(answer.data).toEqual({ pessoa: { score: null }, pessoas: [{ score: null }] });
    expect(answer.errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toEqual([
      ['pessoa.score', 'FONTE_INVALIDA'],
      ['pessoas.0.score', 'FONTE_INVALIDA'],
    ]);
  });
});

describe('A null or a value that the schema does not allow', () => {
  const QUERY = 'query ($cpf: CPF!) { pessoa(cpf: $cpf) { perfil { idade bens { id tipo onerado } desatualizado } } }';
  const perfil = { idade: 40, bens: [{ id: '1', tipo: 'IMOVEL', onerado: true }], desatualizado: false };
  const bens = (bem: object) => ({ ...perfil, bens: [perfil.bens[0], { ...perfil.bens[0], ...bem }] });

  const oneLost = { ...perfil, bens: [perfil.bens[0], null] };

  it.each([
    ['a string for a nullable number', { ...perfil, idade: '40' }, { ...perfil, idade: null }, ['idade']],
    ['a fraction for a whole number', { ...perfil, idade: 40.5 }, { ...perfil, idade: null }, ['idade']],
    ['null for a list', { ...perfil, bens: null }, null, ['bens']],
    ['an object for a list', { ...perfil, bens: {} }, null, ['bens']],
    ['null for a flag', { ...perfil, desatualizado: null }, null, ['desatualizado']],
    ['an unknown value of an enum', bens({ tipo: 'BARCO' }), oneLost, ['bens', 1, 'tipo']],
    ['null for a flag of an item', bens({ onerado: null }), oneLost, ['bens', 1, 'onerado']],
    ['a number for an object', { ...perfil, bens: [1] }, { ...perfil, bens: [null] }, ['bens', 0]],
  ])(
    '%s becomes null, at the nearest nullable parent, with one error at its place',
    (_fault, answeredPerfil, expected, path) => {
      const { data, errors } = read(QUERY, { cpf: ANA }, { data: { pessoa: { perfil: answeredPerfil } } });
      expect(data).toEqual({ pessoa: { perfil: expected } });
      expect(errors).toEqual([
        {
          message: expect.any(String),
          path: ['pessoa', 'perfil', ...path],
          extensions: { code: 'FONTE_INVALIDA', fonte: 'score' },
        },
      ]);
    },
  );

  it('passes if it is a null that the schema allows', () => {
    const body = { data: { pessoa: { perfil: { ...perfil, idade: null } } } };
    expect(read(QUERY, { cpf: ANA }, body)).toEqual(body);
  });

  it('in more than 100 places makes the answer useless as a whole', () => {
    const many = { ...perfil, bens: Array(500).fill({ id: '1', tipo: 'BARCO', onerado: true }) };
    const { errors } = read(QUERY, { cpf: ANA }, { data: { pessoa: { perfil: many } } });
    expect(errors?.map(({ path }) => path)).toEqual([['pessoa', 'perfil']]);
  });
});

describe('A key that is absent', () => {
  const QUERY = 'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { score { valor faixa } perfil { idade desatualizado } } }'; // prettier-ignore
  const score = { valor: 1, faixa: 'BOM' };
  const perfil = { idade: 40, desatualizado: false };
  const completePerson = { score, perfil };

  it.each([
    ['a field of a person', { perfil }, { score: null, perfil }, ['score']],
    ['a nullable value', { score, perfil: { desatualizado: false } }, { score, perfil: { idade: null, desatualizado: false } }, ['perfil', 'idade']], // prettier-ignore
    ['a non-null value', { score, perfil: { idade: 40 } }, { score, perfil: null }, ['perfil', 'desatualizado']], // prettier-ignore
  ])('is null with an error, like a wrong value: %s', (_what, answeredPerson, expected, path) => {
    const { data, errors } = read(QUERY, { cpfs: [ANA, BIA] }, { data: { pessoas: [answeredPerson, completePerson] } });
    expect(data).toEqual({ pessoas: [expected, completePerson] });
    expect(errors?.map((error) => [error.path, error.extensions.code])).toEqual([
      [['pessoas', 0, ...path], 'FONTE_INVALIDA'],
    ]);
  });
});

describe('An unexpected type name', () => {
  const QUERY = 'query ($cpf: CPF!) { pessoa(cpf: $cpf) { __typename score { t: __typename valor } } }';

  it.each([['Endereco'], [null], [7]])(
    'of a person loses the fields of this source, and the answer has the right type: %j',
    (typeName) => {
      const body = { data: { pessoa: { __typename: typeName, score: { t: 'Score', valor: 1 } } } };
      const { data, errors } = read(QUERY, { cpf: ANA }, body);
      expect(data).toEqual({ pessoa: { __typename: 'Pessoa', score: null } });
      expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
        [['pessoa', 'score'], 'FONTE_INVALIDA'],
      ]);
    },
  );

  it.each([[{ t: 'Endereco', valor: 1 }], [{ t: 'Score', valor: 1, __typename: 'Endereco' }]])(
    'of a value loses the value: %j',
    (score) => {
      const { data, errors } = read(QUERY, { cpf: ANA }, { data: { pessoa: { __typename: 'Pessoa', score } } });
      expect(data).toEqual({ pessoa: { __typename: 'Pessoa', score: null } });
      expect(errors?.map(({ path }) => path)).toEqual([['pessoa', 'score']]);
    },
  );
});

describe('The errors that a source reports', () => {
  const QUERY = 'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { score { valor faixa } } }';
  const people = (valor: unknown) => ({ pessoas: [{ score: { valor, faixa: 'BOM' } }] });
  const readErrors = (errors: unknown, valor: unknown = 1) =>
    read(QUERY, { cpfs: [ANA] }, { data: people(valor), errors });
  const slow = (path: unknown) => ({ message: 'x', path, extensions: { code: 'FONTE_LENTA' } });

  it.each([[{}], ['lost'], [true], [0], [{ message: 'lost' }]])(
    'make the answer invalid if they are not a list: %j',
    (errors) => {
      const { data, errors: answerErrors, lossCode } = readErrors(errors);
      expect(data).toEqual({ pessoas: [{ score: null }] });
      expect(answerErrors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
        [['pessoas', 0, 'score'], 'FONTE_INVALIDA'],
      ]);
      expect(lossCode).toBe('FONTE_INVALIDA');
    },
  );

  it.each([[undefined], [null], [[]]])('are none if they are %j', (errors) => {
    expect(readErrors(errors)).toEqual({ data: people(1) });
  });

  it.each([
    [
      ['pessoas', 0, 'score', 'valor', 'segredo', 3],
      ['pessoas', 0, 'score', 'valor'],
    ],
    [
      ['pessoas', 0, 'tabela', 'coluna'],
      ['pessoas', 0],
    ],
    [['pessoas', 'score'], ['pessoas']],
    [['pessoas', -1], ['pessoas']],
    [
      ['pessoas', 0, 0],
      ['pessoas', 0],
    ],
    [['base', 'linha'], ['pessoas']],
    [['__proto__'], ['pessoas']],
    [
      ['pessoas', 0, 'score'],
      ['pessoas', 0, 'score'],
    ],
  ])('get a path within the fetch: %j', (reportedPath, expectedPath) => {
    expect(readErrors([slow(reportedPath)]).errors?.map(({ path }) => path)).toEqual([expectedPath]);
  });

  it('are not doubled at a null that the schema does not allow', () => {
    const path = ['pessoas', 0, 'score', 'valor'];
    const { data, errors } = readErrors([slow(path)], null);
    expect(data).toEqual({ pessoas: [{ score: null }] });
    expect(errors?.map((error) => [error.path, error.extensions.code])).toEqual([[path, 'FONTE_LENTA']]);
  });
});

describe('For every answer of a source', () => {
  const QUERY =
    'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { cpf score { valor motivos { codigo } } perfil { idade } } }';
  const shape = readFetchShape(QUERY, schema);
  const { cpfKeys } = identifyFetch(QUERY, shape);
  const variables = { cpfs: [ANA, BIA] };

  const person = (cpf: string) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constant({ cpf, score: { valor: 1, motivos: [{ codigo: 'R' }] }, perfil: null }) },
      fc.record(
        { cpf: fc.oneof(fc.constant(cpf), fc.string()), score: fc.jsonValue(), perfil: fc.jsonValue() },
        { requiredKeys: [] },
      ),
      fc.jsonValue(),
    );
  const body = fc.oneof(
    fc.record(
      { data: fc.record({ pessoas: fc.tuple(person(ANA), person(BIA)) }), errors: fc.jsonValue() },
      { requiredKeys: ['data'] },
    ),
    fc.jsonValue(),
  );
  const json = fc.oneof(
    body.map((value) => JSON.stringify(value)),
    fc.string(),
  );

  it('the client gets the requested people in order, and an error for each lost field', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(200, 200, 200, 400, 500), (text, status) => {
        const { data, errors = [] } = readAnswer(shape, variables, { status, text }, 'score', cpfKeys);
        const people = data['pessoas'] as Record<string, unknown>[];
        expect(people.map((person) => person['cpf'])).toEqual(variables.cpfs);
        expect(people.map((person) => Object.keys(person))).toEqual(
          variables.cpfs.map(() => ['cpf', 'score', 'perfil']),
        );
        for (const { extensions, path } of errors) {
          expect(extensions.code).toMatch(/^[A-Z_]+$/);
          expect(path?.length).toBeGreaterThan(0);
        }
        const sourceHasNull = text.includes('"score":null') || text.includes('"perfil":null');
        const answerHasNull = people.some((person) => person['score'] === null || person['perfil'] === null);
        expect(!answerHasNull || sourceHasNull || errors.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('the stand-in answer itself passes the check', () => {
    const { data } = createStandInAnswer(shape, variables, lossOf('FONTE_LENTA', 'score'));
    expect(readAnswer(shape, variables, { status: 200, text: JSON.stringify({ data }) }, 'score', cpfKeys)).toEqual({
      data,
    });
  });
});
