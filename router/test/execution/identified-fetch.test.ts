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

describe('A fetch of people asks each who they are', () => {
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
      'under two names',
      '{a:pessoa(cpf:"1"){idade} b:pessoa(cpf:"2"){idade}}',
      '{a:pessoa(cpf:"1"){idade cpf} b:pessoa(cpf:"2"){idade cpf}}',
      [
        ['a', 'cpf'],
        ['b', 'cpf'],
      ],
    ],
    [
      'where a client calls another field so',
      '{pessoa(cpf:"1"){cpf:idade}}',
      '{pessoa(cpf:"1"){cpf:idade cpf_:cpf}}',
      [['pessoa', 'cpf_']],
    ],
    [
      'where it is asked for under a condition',
      'query($com:Boolean!){pessoa(cpf:"1"){idade cpf@include(if:$com)}}',
      'query($com:Boolean!){pessoa(cpf:"1"){idade cpf@include(if:$com) cpf}}',
      [['pessoa', 'cpf']],
    ],
    [
      'not again where it is asked for anyway',
      '{pessoa(cpf:"1"){quem:cpf idade}}',
      '{pessoa(cpf:"1"){quem:cpf idade}}',
      [['pessoa', 'quem']],
    ],
    ['and nobody where nobody is asked for', '{__typename}', '{__typename}', []],
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
  const read = (people: readonly string[]) =>
    readAnswer(readFetchShape(LIST, schema), { cpfs: [ANA, BIA] }, answer(people), 'score', identify(LIST).cpfKeys);

  it('so that people in another order are noticed where the client asked for no CPF, and shown none where it did not', () => {
    expect(read([ANA, BIA])).toEqual({ data: { pessoas: [{ score: { valor: 0 } }, { score: { valor: 1 } }] } });
    const swapped = read([BIA, ANA]);
    expect(swapped.lossCode).toBe('FONTE_INVALIDA');
    expect(swapped.data).toEqual({ pessoas: [{ score: null }, { score: null }] });
  });

  it.each([[[ANA, ANA]], [[ANA, '']], [[BIA, BIA]]])('and another person, or nobody, is refused: %j', (people) => {
    expect(read(people).lossCode).toBe('FONTE_INVALIDA');
  });
});
