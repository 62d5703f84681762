import { addDays, type Data } from '@pessoa/domain/data';
import fc from 'fast-check';
import type { RawBem, RawEndereco, RawFonteDeRenda, RawPerfil } from '../../src/modelo/permitted-perfil.ts';

// Profiles as a base may send them: mostly plausible, often at the edge of a bin, sometimes impossible.

export const HOJE = '2026-11-22' as Data;

const dayBefore = (daysBack: fc.Arbitrary<number>): fc.Arbitrary<Data> => daysBack.map((days) => addDays(HOJE, -days));

const plausibleCentavos = fc.oneof(
  fc.bigInt({ min: 0n, max: 5_000_00n }),
  fc.bigInt({ min: 0n, max: 50_000_00n }),
  fc.bigInt({ min: 0n, max: 3_000_000_00n }),
);

/** Amounts around the edges of bins, for each period. */
const centavosAtBinEdges = fc
  .tuple(
    fc.constantFrom(
      0n,
      100_00n,
      1_000_00n,
      2_000_00n,
      3_000_00n,
      5_000_00n,
      8_000_00n,
      10_000_00n,
      12_000_00n,
      20_000_00n,
      50_000_00n,
      200_000_00n,
      500_000_00n,
      1_500_000_00n,
    ),
    fc.constantFrom(1n, 2n, 3n, 6n, 12n),
    fc.integer({ min: -1, max: 1 }),
  )
  .map(([centavos, times, offset]) => centavos * times + BigInt(offset));

export const readableCentavos = fc.oneof(
  { weight: 6, arbitrary: plausibleCentavos },
  { weight: 3, arbitrary: centavosAtBinEdges.filter((centavos) => centavos >= 0n) },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 10n ** 17n - 1n }) },
);

const centavos = fc.oneof(
  { weight: 12, arbitrary: readableCentavos },
  { weight: 1, arbitrary: fc.constantFrom(-1n, -5_000_00n, 10n ** 17n - 1n, 10n ** 17n, 10n ** 40n) },
);

const rawDay = fc.oneof(
  { weight: 6, arbitrary: dayBefore(fc.integer({ min: 0, max: 15 * 366 })) },
  { weight: 3, arbitrary: dayBefore(fc.integer({ min: -400, max: 48_000 })) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(
        '2026-05-22',
        '2026-05-23',
        '2024-11-22',
        '2024-11-23',
        '2021-11-22',
        '2016-11-22',
        '2016-11-23',
        '2023-02-28',
        '2024-02-29',
        '2001-11-22',
        '2001-11-23',
        '1996-11-22',
        '1896-11-22',
        '1896-11-23',
      )
      .map((text) => text as Data),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('2027-01-01', '1800-01-01', '2026-02-30', '0000-00-00', '').map((text) => text as Data),
  },
);

export const readablePeriodicidade = fc.constantFrom(
  'DIARIA',
  'SEMANAL',
  'QUINZENAL',
  'MENSAL',
  'BIMESTRAL',
  'TRIMESTRAL',
  'SEMESTRAL',
  'ANUAL',
);

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 6 });
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 6 });

export const fonteDeRenda: fc.Arbitrary<RawFonteDeRenda> = fc.record({
  tipo: fc.constantFrom('SALARIO', 'SERVIDOR_PUBLICO', 'AUTONOMO', 'BENEFICIO_SOCIAL', 'OUTROS'),
  valorCentavos: centavos,
  periodicidade: fc.oneof(
    { weight: 4, arbitrary: fc.constant('MENSAL') },
    { weight: 8, arbitrary: readablePeriodicidade },
    { weight: 1, arbitrary: fc.constantFrom('toString', '', 'mensal') },
  ),
  desde: nullable(rawDay),
  comprovada: fc.boolean(),
});

export const bem: fc.Arbitrary<RawBem> = fc.record({
  tipo: fc.constantFrom(
    'IMOVEL',
    'VEICULO',
    'APLICACAO_FINANCEIRA',
    'PARTICIPACAO_SOCIETARIA',
    'MAQUINA_OU_EQUIPAMENTO',
    'BEM_RURAL',
    'OUTROS',
    'CRIPTOMOEDA',
  ),
  valorEstimadoCentavos: nullable(centavos),
  saldoDevedorCentavos: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(null, undefined) },
    { weight: 3, arbitrary: centavos },
  ),
  percentualPropriedade: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(null, undefined, 100) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 100 }) },
    { weight: 1, arbitrary: fc.constantFrom(0, -1, 101, 50.5, Number.NaN) },
  ),
});

const addressText = nullable(fc.constantFrom('Rua das Amostras', '100', 'S/N', ' ', ''));

export const endereco: fc.Arbitrary<RawEndereco> = fc.record({
  logradouro: fc.oneof(
    { weight: 3, arbitrary: fc.constant('Rua das Amostras') },
    { weight: 1, arbitrary: addressText },
  ),
  numero: fc.oneof({ weight: 3, arbitrary: fc.constant('100') }, { weight: 1, arbitrary: addressText }),
  bairro: addressText,
  cidade: addressText,
  uf: nullable(fc.constantFrom('SP', 'BA', 'AM')),
  cep: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('01310100', '69005070') },
    { weight: 1, arbitrary: fc.constantFrom(null, undefined, '', '01310-100', '0131010') },
  ),
  codigoIbge: nullable(fc.constantFrom('3550308', '1302603')),
  atualizadoEm: nullable(
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.date({
          min: new Date('2019-06-01T00:00:00Z'),
          max: new Date('2026-11-22T12:00:00Z'),
          noInvalidDate: true,
        }),
      },
      {
        weight: 3,
        arbitrary: fc
          .constantFrom(
            '2026-11-23T02:59:59Z',
            '2026-11-23T03:00:00Z',
            '2025-11-23T02:59:59Z',
            '2025-11-23T03:00:00Z',
            '2024-11-23T02:59:59Z',
            '2024-11-23T03:00:00Z',
            '2021-11-22T12:00:00Z',
          )
          .map((text) => new Date(text)),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(new Date(Number.NaN), new Date('2030-01-01'), new Date(-8.64e15), new Date(8.64e15)),
      },
    ),
  ),
});

export const perfil: fc.Arbitrary<RawPerfil> = fc.record({
  nascimento: optional(rawDay),
  endereco: nullable(endereco),
  bens: fc.array(bem, { maxLength: 6 }),
  fontesDeRenda: fc.array(fonteDeRenda, { maxLength: 4 }),
});
