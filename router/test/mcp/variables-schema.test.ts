import { buildSchema, getOperationAST, parse } from 'graphql';
import { variablesSchema } from '../../src/mcp/variables-schema.ts';

const schema = buildSchema(`
  "CPF, onze dígitos."
  scalar CPF
  scalar Data
  scalar Outro
  enum Ordem { NOVA ANTIGA }
  "Um filtro."
  input Filtro {
    "Primeiro dia."
    de: Data
    ordem: Ordem! = NOVA
    limites: [Int!]
    tipo: String!
    e: Filtro
  }
  type Query {
    itens(
      "De quem."
      cpf: CPF!
      filtro: Filtro
      "Itens por página."
      first: Int = 25
      cpfs: [CPF!]
      outro: Outro
      exato: Boolean
      peso: Float
    ): String
  }
`);

function schemaOf(text: string) {
  const document = parse(text);
  return variablesSchema(document, getOperationAST(document)!, schema);
}

describe('The JSON schema of variables', () => {
  it('requires a variable that may not be null and has no default, and allows no other property', () => {
    expect(
      schemaOf(
        'query ($cpf: CPF!, $first: Int! = 10, $exato: Boolean) { itens(cpf: $cpf, first: $first, exato: $exato) }',
      ),
    ).toEqual({
      type: 'object',
      properties: {
        cpf: { type: 'string', pattern: expect.any(String), description: 'De quem.' },
        first: { type: 'integer', default: 10, description: 'Itens por página.' },
        exato: { type: 'boolean' },
      },
      required: ['cpf'],
      additionalProperties: false,
    });
  });

  it('has both written forms of a CPF and no other', () => {
    const { properties } = schemaOf('query ($cpf: CPF!) { itens(cpf: $cpf) }') as unknown as {
      properties: { cpf: { pattern: string } };
    };
    const pattern = new RegExp(properties.cpf.pattern);
    expect(['52998224725', '529.982.247-25'].every((cpf) => pattern.test(cpf))).toBe(true);
    expect(['5299822472', '529982247-25', ' 52998224725', '52998224725\n'].some((cpf) => pattern.test(cpf))).toBe(
      false,
    );
  });

  it('describes lists, and input objects with their defaults; an object within itself is not written out again', () => {
    const { properties } = schemaOf('query ($f: Filtro, $cpfs: [CPF!]) { itens(cpf: "1", filtro: $f, cpfs: $cpfs) }');
    expect(properties).toEqual({
      f: {
        description: 'Um filtro.',
        type: 'object',
        properties: {
          de: { type: 'string', format: 'date', description: 'Primeiro dia.' },
          ordem: { type: 'string', enum: ['NOVA', 'ANTIGA'], default: 'NOVA' },
          limites: { type: 'array', items: { type: 'integer' } },
          tipo: { type: 'string' },
          e: { type: 'object', description: 'Um filtro.' },
        },
        required: ['tipo'],
        additionalProperties: false,
      },
      cpfs: {
        type: 'array',
        items: { type: 'string', pattern: expect.any(String), description: 'CPF, onze dígitos.' },
      },
    });
  });

  it('takes a scalar that it does not know for a text', () => {
    expect(schemaOf('query ($o: Outro, $p: Float) { itens(cpf: "1", outro: $o, peso: $p) }')['properties']).toEqual({
      o: { type: 'string' },
      p: { type: 'number' },
    });
  });
});
