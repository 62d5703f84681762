import { AnswerErrors } from '@pessoa/service/graphql/answer-errors';
import { JsonText } from '@pessoa/service/graphql/json-text';
import { personReads } from '@pessoa/service/graphql/person-reads';
import { parse, type OperationDefinitionNode } from 'graphql';
import { readOutcome } from '../src/read-outcome.ts';

const ANA = '52998224725';
const BIA = '11144477735';

function readsOf(query: string, variables: Record<string, unknown> = {}) {
  const document = parse(query);
  return personReads(document, document.definitions[0] as OperationDefinitionNode, variables);
}

const errorAt = (path: (string | number)[], code = 'FONTE_LENTA') => ({ message: 'm', path, extensions: { code } });

describe('The people that an operation reads', () => {
  it('are the people of every root field, each with the place in the answer', () => {
    const reads = readsOf(
      'query ($b: CPF!) { a: pessoa(cpf: "529.982.247-25") { nome } pessoas(cpfs: [$b, "x"]) { nome } }',
      { b: BIA },
    );
    expect(reads.map(({ cpf, places }) => ({ cpf, paths: places.map(({ path }) => path) }))).toEqual([
      { cpf: ANA, paths: [['a']] },
      { cpf: BIA, paths: [['pessoas', 0]] },
    ]);
  });

  it('include those that the router references as entities', () => {
    const reads = readsOf('query ($r: [_Any!]!) { _entities(representations: $r) { ... on Pessoa { nome } } }', {
      r: [{ __typename: 'Pessoa', cpf: ANA }],
    });
    expect(reads).toMatchObject([{ cpf: ANA, places: [{ path: ['_entities', 0], fields: [{ name: 'nome' }] }] }]);
  });

  it('are none when the operation asks only for the CPF that the client sent', () => {
    expect(readsOf(`{ pessoa(cpf: "${ANA}") { cpf __typename } }`)).toEqual([]);
    expect(readsOf('{ __typename }')).toEqual([]);
  });
});

describe('The outcome of a read', () => {
  const QUERY = `{ p: pessoa(cpf: "${ANA}") { nome ...Mais ... on Pessoa { e: eventos { ultimaConsulta { id } q: consultas { totalCount } } } } }
    fragment Mais on Pessoa { d: dividas(first: 1) { nodes { credor { nome } } } }`;
  const FULL_ANSWER = {
    nome: 'Ana',
    d: { nodes: [{ credor: { nome: 'c' } }] },
    e: { ultimaConsulta: null, q: { totalCount: 0 } },
  };
  const outcomeOf = (pessoa: object | null, ...errors: ReturnType<typeof errorAt>[]) =>
    readOutcome(readsOf(QUERY)[0]!, { data: { p: pessoa }, errors: new AnswerErrors(errors) });

  it('is ATENDIDO when every field was answered, and names fields as the schema does, without aliases', () => {
    expect(outcomeOf(FULL_ANSWER)).toEqual({
      resultado: 'ATENDIDO',
      campos: ['nome', 'dividas.nodes', 'eventos.ultimaConsulta', 'eventos.consultas'],
    });
  });

  it('is the same when the values of an answer stayed the text that was received', () => {
    const asText = Object.fromEntries(
      Object.entries(FULL_ANSWER).map(([key, value]) => [key, new JsonText(JSON.stringify(value))]),
    );
    expect(outcomeOf(asText)).toEqual(outcomeOf(FULL_ANSWER));
    const withNull = { ...FULL_ANSWER, e: null };
    expect(outcomeOf({ ...asText, e: null })).toEqual(outcomeOf(withNull));
    const lost = errorAt(['p', 'e']);
    expect(outcomeOf({ ...asText, e: null }, lost)).toEqual(outcomeOf(withNull, lost));
  });

  it('is ATENDIDO for a person whom the base does not know, because nulls are an answer', () => {
    expect(outcomeOf({ nome: null, d: null, e: null })).toEqual({
      resultado: 'ATENDIDO',
      campos: ['nome', 'dividas.nodes', 'eventos.ultimaConsulta', 'eventos.consultas'],
    });
  });

  it('is PARCIAL when a field was refused, and leaves that field out', () => {
    const refused = errorAt(['p', 'e', 'q'], 'UNAUTHORIZED_FIELD_OR_TYPE');
    expect(outcomeOf({ ...FULL_ANSWER, e: { ultimaConsulta: null, q: null } }, refused)).toEqual({
      resultado: 'PARCIAL',
      campos: ['nome', 'dividas.nodes', 'eventos.ultimaConsulta'],
    });
  });

  it('is PARCIAL when an error below a field made that field null', () => {
    const deep = errorAt(['p', 'd', 'nodes', 0, 'credor', 'nome'], 'FONTE_INVALIDA');
    expect(outcomeOf({ ...FULL_ANSWER, d: null }, deep)).toMatchObject({
      resultado: 'PARCIAL',
      campos: ['nome', 'eventos.ultimaConsulta', 'eventos.consultas'],
    });
  });

  it('is ATENDIDO when an error made only an item of a list null', () => {
    const deep = errorAt(['p', 'd', 'nodes', 0, 'credor', 'nome']);
    expect(outcomeOf(FULL_ANSWER, deep)).toMatchObject({ resultado: 'ATENDIDO' });
  });

  const ALL_NULL = { nome: null, d: null, e: null };
  const errorOfEachField = (code: string) => ['nome', 'd', 'e'].map((field) => errorAt(['p', field], code));

  it('is NEGADO when every field was refused', () => {
    expect(outcomeOf(ALL_NULL, ...errorOfEachField('UNAUTHORIZED_FIELD_OR_TYPE'))).toEqual({
      resultado: 'NEGADO',
      campos: [],
    });
  });

  it('is FALHA when the source failed for every field that was not refused: it may have been read', () => {
    expect(outcomeOf(ALL_NULL, ...errorOfEachField('FONTE_LENTA'))).toEqual({ resultado: 'FALHA', campos: [] });
    const [first, ...others] = errorOfEachField('FONTE_LENTA');
    expect(outcomeOf(ALL_NULL, errorAt(first!.path, 'UNAUTHORIZED_FIELD_OR_TYPE'), ...others)).toEqual({
      resultado: 'FALHA',
      campos: [],
    });
  });

  it('is FALHA when the whole person is lost', () => {
    expect(outcomeOf(null, errorAt(['p']))).toEqual({ resultado: 'FALHA', campos: [] });
  });

  it('leaves out fields that @skip excluded', () => {
    expect(outcomeOf({ d: null })).toEqual({ resultado: 'ATENDIDO', campos: ['dividas.nodes'] });
  });
});
