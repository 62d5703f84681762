import { cpfFromBase } from '@pessoa/domain/cpf';
import fc from 'fast-check';
import { GraphQLError, parseValue } from 'graphql';
import { scalarResolvers } from '../../src/graphql/scalars.ts';

const { CPF, CNPJ, Data, DataHora, Dinheiro } = scalarResolvers;

const codeOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error instanceof GraphQLError ? error.extensions['code'] : error;
  }
  return 'accepted';
};

describe('A scalar reads', () => {
  it.each([
    [CPF, '529.982.247-25', '52998224725'],
    [CPF, '52998224725', '52998224725'],
    [CNPJ, '12ABC34501DE35', '12ABC34501DE35'],
    [Dinheiro, '1234.56', 123_456n],
    [Dinheiro, '-0.01', -1n],
    [Data, '2024-02-29', '2024-02-29'],
    [DataHora, '2026-11-01T12:00:00Z', new Date('2026-11-01T12:00:00Z')],
    [DataHora, '2026-11-01T12:00:00.5Z', new Date('2026-11-01T12:00:00.500Z')],
  ] as const)('%s %s in the same way from a variable and from a literal', (scalar, text, value) => {
    expect(scalar.parseValue(text)).toEqual(value);
    expect(scalar.parseLiteral(parseValue(JSON.stringify(text)))).toEqual(value);
  });

  it.each([
    [CPF, '52998224724', 'CPF_INVALIDO'],
    [CPF, '52998224725 ', 'CPF_INVALIDO'],
    [CPF, 52998224725, 'CPF_INVALIDO'],
    [CNPJ, '12ABC34501DE36', 'BAD_USER_INPUT'],
    [Dinheiro, '1234.5', 'BAD_USER_INPUT'],
    [Dinheiro, 1234.56, 'BAD_USER_INPUT'],
    [Data, '2025-02-29', 'BAD_USER_INPUT'],
    [DataHora, '2026-11-01T12:00:00-03:00', 'BAD_USER_INPUT'],
    [DataHora, '2026-11-31T12:00:00Z', 'BAD_USER_INPUT'],
    [DataHora, '2026-11-01T25:00:00Z', 'BAD_USER_INPUT'],
  ] as const)('no %s from %s', (scalar, value, code) => {
    expect(codeOf(() => scalar.parseValue(value))).toBe(code);
    expect(codeOf(() => scalar.parseLiteral(parseValue(JSON.stringify(value))))).toBe(code);
  });

  it('without quoting a value that it refuses', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(scalarResolvers)),
        fc.stringMatching(/^[a-z]{4}@[0-9]{8,16}$/), // no word of our own messages
        (scalar, value) => {
          try {
            scalar.parseValue(value);
          } catch (error) {
            expect(JSON.stringify(error) + String(error)).not.toContain(value);
          }
        },
      ),
    );
  });
});

describe('A scalar writes', () => {
  it.each([
    [CPF, '52998224725', '52998224725'],
    [Dinheiro, 123_456n, '1234.56'],
    [Dinheiro, '0.10', '0.10'],
    [Dinheiro, 10n ** 19n, '100000000000000000.00'],
    [Dinheiro, '9999999999999999999999999.99', '9999999999999999999999999.99'],
    [DataHora, new Date('9999-12-31T23:59:59.999Z'), '9999-12-31T23:59:59.999Z'],
    [DataHora, new Date('0001-01-01T00:00:00Z'), '0001-01-01T00:00:00.000Z'],
    [Data, '2026-03-01', '2026-03-01'],
    [DataHora, new Date('2026-11-01T12:00:00Z'), '2026-11-01T12:00:00.000Z'],
    [DataHora, '2026-11-01T12:00:00Z', '2026-11-01T12:00:00.000Z'],
  ] as const)('%s %s as text', (scalar, value, text) => {
    expect(scalar.serialize(value)).toBe(text);
  });

  it.each([
    [CPF, 52998224725],
    [Dinheiro, 1234.56],
    [Dinheiro, '1,5'],
    [Dinheiro, { toFixed: (places: number) => (10).toFixed(places) }],
    [Data, new Date('2026-03-01T00:00:00Z')],
    [DataHora, new Date(Number.NaN)],
    [DataHora, 1_700_000_000],
    [DataHora, new Date('9999-12-31T23:59:59-03:00')],
    [DataHora, new Date('-000001-12-31T00:00:00Z')],
    [DataHora, new Date('0000-12-31T00:00:00Z')],
    [Dinheiro, 10n ** 27n],
    [Dinheiro, '10000000000000000000000000.00'],
    [Dinheiro, 'NaN'],
    [Dinheiro, 'Infinity'],
  ] as const)('no %s from %s, which is a bug of ours', (scalar, value) => {
    expect(() => scalar.serialize(value)).toThrow(TypeError);
  });

  it('every CPF that it reads', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_998 }), (base) => {
        const cpf = cpfFromBase(String(base).padStart(9, '0'));
        fc.pre(!/^(\d)\1{10}$/.test(cpf));
        expect(CPF.serialize(CPF.parseValue(cpf))).toBe(cpf);
      }),
    );
  });
});
