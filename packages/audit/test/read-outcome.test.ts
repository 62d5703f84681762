import { AnswerErrors } from '@pessoa/service/graphql/answer-errors';
import { personReads } from '@pessoa/service/graphql/person-reads';
import { parse, type OperationDefinitionNode } from 'graphql';
import { readOutcome } from '../src/read-outcome.ts';

const ANA = '52998224725';
const BIA = '11144477735';

function readsOf(query: string, variables: Record<string, unknown> = {}) {
  const document = parse(query);
  return personReads(document, document.definitions[0] as OperationDefinitionNode, variables);
}

const error = (path: (string | number)[], code = 'FONTE_LENTA') => ({ message: 'm', path, extensions: { code } });

describe('The people an operation reads', () => {
  it('are those of every root field, each with its place in the answer', () => {
    const reads = readsOf(
      'query ($b: CPF!) { a: pessoa(cpf: "529.982.247-25") { nome } pessoas(cpfs: [$b, "x"]) { nome } }',
      {
        b: BIA,
      },
    );
    expect(reads.map(({ cpf, places }) => [cpf, places.map(({ path }) => path)])).toEqual([
      [ANA, [['a']]],
      [BIA, [['pessoas', 0]]],
    ]);
  });

  it('are those a router names by reference', () => {
    const reads = readsOf('query ($r: [_Any!]!) { _entities(representations: $r) { ... on Pessoa { nome } } }', {
      r: [{ __typename: 'Pessoa', cpf: ANA }],
    });
    expect(reads).toMatchObject([{ cpf: ANA, places: [{ path: ['_entities', 0], fields: [{ name: 'nome' }] }] }]);
  });

  it('are nobody where only what the client sent is asked', () => {
    expect(readsOf(`{ pessoa(cpf: "${ANA}") { cpf __typename } }`)).toEqual([]);
    expect(readsOf('{ __typename }')).toEqual([]);
  });
});

describe('What an answer gave of a person', () => {
  const QUERY = `{ p: pessoa(cpf: "${ANA}") { nome ...Mais ... on Pessoa { e: eventos { ultimaConsulta { id } q: consultas { totalCount } } } } }
    fragment Mais on Pessoa { d: dividas(first: 1) { nodes { credor { nome } } } }`;
  const WHOLE = {
    nome: 'Ana',
    d: { nodes: [{ credor: { nome: 'c' } }] },
    e: { ultimaConsulta: null, q: { totalCount: 0 } },
  };
  const outcomeOf = (pessoa: object | null, ...errors: ReturnType<typeof error>[]) =>
    readOutcome(readsOf(QUERY)[0]!, { data: { p: pessoa }, errors: new AnswerErrors(errors) });

  it('is ATENDIDO with the schema’s names, whatever the aliases and fragments', () => {
    expect(outcomeOf(WHOLE)).toEqual({
      resultado: 'ATENDIDO',
      campos: ['nome', 'dividas.nodes', 'eventos.ultimaConsulta', 'eventos.consultas'],
    });
  });

  it('is ATENDIDO for a person whom the base does not know: the nulls are an answer', () => {
    expect(outcomeOf({ nome: null, d: null, e: null })).toEqual({
      resultado: 'ATENDIDO',
      campos: ['nome', 'dividas.nodes', 'eventos.ultimaConsulta', 'eventos.consultas'],
    });
  });

  it('is PARCIAL without the field that was refused', () => {
    const refused = error(['p', 'e', 'q'], 'UNAUTHORIZED_FIELD_OR_TYPE');
    expect(outcomeOf({ ...WHOLE, e: { ultimaConsulta: null, q: null } }, refused)).toEqual({
      resultado: 'PARCIAL',
      campos: ['nome', 'dividas.nodes', 'eventos.ultimaConsulta'],
    });
  });

  it('is PARCIAL without the field that an error further down took along', () => {
    const deep = error(['p', 'd', 'nodes', 0, 'credor', 'nome'], 'FONTE_INVALIDA');
    expect(outcomeOf({ ...WHOLE, d: null }, deep)).toMatchObject({
      resultado: 'PARCIAL',
      campos: ['nome', 'eventos.ultimaConsulta', 'eventos.consultas'],
    });
  });

  it('is ATENDIDO where an error cost a part of a list that was shown', () => {
    const deep = error(['p', 'd', 'nodes', 0, 'credor', 'nome']);
    expect(outcomeOf(WHOLE, deep)).toMatchObject({ resultado: 'ATENDIDO' });
  });

  const NOTHING = { nome: null, d: null, e: null };
  const each = (code: string) => ['nome', 'd', 'e'].map((field) => error(['p', field], code));

  it('is FALHA where the source failed, and NEGADO as soon as anything was refused', () => {
    expect(outcomeOf(NOTHING, ...each('FONTE_LENTA'))).toEqual({ resultado: 'FALHA', campos: [] });
    const [first, ...others] = each('FONTE_LENTA');
    expect(outcomeOf(NOTHING, error(first!.path, 'UNAUTHORIZED_FIELD_OR_TYPE'), ...others)).toEqual({
      resultado: 'NEGADO',
      campos: [],
    });
  });

  it('is FALHA where the person is lost as a whole', () => {
    expect(outcomeOf(null, error(['p']))).toEqual({ resultado: 'FALHA', campos: [] });
  });

  it('leaves out what @skip left out', () => {
    expect(outcomeOf({ d: null })).toEqual({ resultado: 'ATENDIDO', campos: ['dividas.nodes'] });
  });
});
