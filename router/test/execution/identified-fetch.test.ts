import { readFileSync } from 'node:fs';
import { buildASTSchema, parse, validate } from 'graphql';
import { readFetchShape } from '../../src/execution/fetch-shape.ts';
import { identifyFetch } from '../../src/execution/identified-fetch.ts';
import { readAnswer } from '../../src/execution/subgraph-answer.ts';
import { ANA, BIA } from '../graph/people.ts';

const sdl = readFileSync(new URL('../../../schema/score.graphql', import.meta.url), 'utf8');
const schema = buildASTSchema(
  parse(
    `${sdl}\nscalar _Any\nunion _Entity = Pessoa\nextend type Query { _entities(representations: [_Any!]!): [_Entity]! }`,
  ),
  { assumeValidSDL: true },
);
const identify = (query: string) => identifyFetch(query, readFetchShape(query, schema));

const ONE = 'query($cpf:CPF!){pessoa(cpf:$cpf){score{valor}}}';
const LIST = 'query($cpfs:[CPF!]!){pessoas(cpfs:$cpfs){score{valor}}}';
const ENTITIES =
  'query($representations:[_Any!]!){_entities(representations:$representations){...on Pessoa{score{valor}}}}';

describe('A fetch of people requests the CPF of each person', () => {
  it.each<[string, string, string, [string, string][]]>([
    ['one person', ONE, 'query($cpf:CPF!){pessoa(cpf:$cpf){score{valor} cpf}}', [['pessoa', 'cpf']]],
    ['a list', LIST, 'query($cpfs:[CPF!]!){pessoas(cpfs:$cpfs){score{valor} cpf}}', [['pessoas', 'cpf']]],
    [
      'entities',
      ENTITIES,
      'query($representations:[_Any!]!){_entities(representations:$representations){...on Pessoa{score{valor}} ...on Pessoa{cpf}}}',
      [['_entities', 'cpf']],
    ],
    [
      'two aliased people',
      '{a:pessoa(cpf:"1"){idade} b:pessoa(cpf:"2"){idade}}',
      '{a:pessoa(cpf:"1"){idade cpf} b:pessoa(cpf:"2"){idade cpf}}',
      [
        ['a', 'cpf'],
        ['b', 'cpf'],
      ],
    ],
    [
      'a person where the client uses the key `cpf` for another field',
      '{pessoa(cpf:"1"){cpf:idade}}',
      '{pessoa(cpf:"1"){cpf:idade cpf_:cpf}}',
      [['pessoa', 'cpf_']],
    ],
    [
      'a person whose CPF the client requests under a condition',
      'query($com:Boolean!){pessoa(cpf:"1"){idade cpf@include(if:$com)}}',
      'query($com:Boolean!){pessoa(cpf:"1"){idade cpf@include(if:$com) cpf}}',
      [['pessoa', 'cpf']],
    ],
    [
      'a person whose CPF the client always requests: nothing is added',
      '{pessoa(cpf:"1"){quem:cpf idade}}',
      '{pessoa(cpf:"1"){quem:cpf idade}}',
      [['pessoa', 'quem']],
    ],
    ['no person: nothing is added', '{__typename}', '{__typename}', []],
  ])('%s', (_what, query, sent, keys) => {
    const { query: identified, cpfKeys } = identify(query);
    expect(identified).toBe(sent);
    expect([...cpfKeys]).toEqual(keys);
    expect(validate(schema, parse(identified))).toEqual(validate(schema, parse(query)));
  });

  const answer = (people: readonly string[]) => ({
    status: 200,
    text: JSON.stringify({ data: { pessoas: people.map((cpf, valor) => ({ score: { valor }, cpf })) } }),
  });
  const readPeople = (people: readonly string[]) =>
    readAnswer(readFetchShape(LIST, schema), { cpfs: [ANA, BIA] }, answer(people), 'score', identify(LIST).cpfKeys);

  it('so that the router notices people in another order, and shows no CPF that the client did not request', () => {
    expect(readPeople([ANA, BIA])).toEqual({ data: { pessoas: [{ score: { valor: 0 } }, { score: { valor: 1 } }] } });
    const swapped = readPeople([BIA, ANA]);
    expect(swapped.lossCode).toBe('FONTE_INVALIDA');
    expect(swapped.data).toEqual({ pessoas: [{ score: null }, { score: null }] });
  });

  it.each([[[ANA, ANA]], [[ANA, '']], [[BIA, BIA]]])(
    'so that the router refuses an answer about another person, or about nobody: %j',
    (people) => {
      expect(readPeople(people).lossCode).toBe('FONTE_INVALIDA');
    },
  );

  it('under every key, where the client requests the CPF more than once', () => {
    const query = 'query ($cpf: CPF!) { pessoa(cpf: $cpf) { a: cpf b: cpf score { valor } } }';
    const read = (a: string, b: string) =>
      readAnswer(
        readFetchShape(query, schema),
        { cpf: ANA },
        { status: 200, text: JSON.stringify({ data: { pessoa: { a, b, score: { valor: 1 } } } }) },
        'score',
        identify(query).cpfKeys,
      );
    expect({ same: read(ANA, ANA).lossCode, first: read(BIA, ANA).lossCode, second: read(ANA, BIA).lossCode }).toEqual({
      same: undefined,
      first: 'FONTE_INVALIDA',
      second: 'FONTE_INVALIDA',
    });
  });
});
