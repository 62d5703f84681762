import { cpfFromBase } from '@pessoa/domain/cpf';
import type { Data } from '@pessoa/domain/data';
import fc from 'fast-check';
import { perfilCodec } from '../../src/perfis/perfil-codec.ts';
import type { Bem, Endereco, FonteDeRenda, Perfil } from '../../src/perfis/perfil.ts';

const cpf = cpfFromBase('529982247');
const texto = fc.string({ unit: 'grapheme' });
const nullable = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });
const dia = fc.oneof(
  fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') }).map((date) => date.toISOString().slice(0, 10)), // prettier-ignore
  fc.constant('infinity'), // a date of PostgreSQL, which the resolvers report when they show it
) as fc.Arbitrary<Data>;
const centavos = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n });
const instante = fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') });
const anyOf = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const endereco: fc.Arbitrary<Endereco> = fc.record({
  logradouro: nullable(texto),
  numero: nullable(texto),
  complemento: nullable(texto),
  bairro: nullable(texto),
  cidade: nullable(texto),
  uf: nullable(anyOf('SP', 'XX' as 'SP')),
  cep: nullable(texto),
  codigoIbge: nullable(texto),
  atualizadoEm: nullable(instante),
});
const bem: fc.Arbitrary<Bem> = fc.record({
  id: texto,
  tipo: anyOf('VEICULO', 'XPTO' as 'VEICULO'),
  descricao: texto,
  valorEstimadoCentavos: nullable(centavos),
  dataAvaliacao: nullable(dia),
  onerado: fc.boolean(),
  saldoDevedorCentavos: nullable(centavos),
  percentualPropriedade: nullable(fc.integer()),
  uf: nullable(anyOf('RJ')),
});
const fonteDeRenda: fc.Arbitrary<FonteDeRenda> = fc.record({
  id: texto,
  tipo: anyOf('SALARIO'),
  pagador: nullable(texto),
  cnpjPagador: nullable(texto),
  ocupacao: nullable(texto),
  valorCentavos: centavos,
  periodicidade: anyOf('MENSAL', 'ANUAL'),
  desde: nullable(dia),
  comprovada: fc.boolean(),
});
const perfil: fc.Arbitrary<Perfil> = fc.record({
  nascimento: nullable(dia),
  endereco: nullable(endereco),
  bens: fc.array(bem),
  fontesDeRenda: fc.array(fonteDeRenda),
  desatualizado: fc.constant(false),
});

describe('An encoded profile', () => {
  it('decodes to the same profile, to the centavo and the millisecond', () => {
    fc.assert(
      fc.property(perfil, fc.nat(), (value, readAt) => {
        const bytes = perfilCodec.encode(cpf, { value, readAt });
        expect(perfilCodec.decode(cpf, bytes!)).toEqual({ value, readAt });
      }),
    );
  });

  it('does not decode for another person, or without one of its bytes', () => {
    const value: Perfil = { nascimento: null, endereco: null, bens: [], fontesDeRenda: [], desatualizado: false };
    const bytes = perfilCodec.encode(cpf, { value, readAt: 1 })!;
    expect(perfilCodec.decode(cpfFromBase('111222333'), bytes)).toBeUndefined();
    for (let end = 0; end < bytes.byteLength; end++)
      expect(perfilCodec.decode(cpf, bytes.subarray(0, end))).toBeUndefined();
  });

  it('does not exist for a stale profile: the cache would show it as current for an hour', () => {
    const value: Perfil = { nascimento: null, endereco: null, bens: [], fontesDeRenda: [], desatualizado: true };
    expect(perfilCodec.encode(cpf, { value, readAt: 1 })).toBeUndefined();
  });

  it('does not exist for a profile with NULL where Base B promises a value', () => {
    const broken = {
      nascimento: null,
      endereco: null,
      bens: [{ onerado: null }],
      fontesDeRenda: [],
      desatualizado: false,
    };
    expect(perfilCodec.encode(cpf, { value: broken as unknown as Perfil, readAt: 1 })).toBeUndefined();
  });
});
