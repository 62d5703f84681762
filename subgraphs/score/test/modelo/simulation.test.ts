import fc from 'fast-check';
import { measuresOf, type PerfilMeasures, scoreMeasures, scorePerfil } from '../../src/modelo/score-perfil.ts';
import { changedMeasures } from '../../src/modelo/simulation.ts';
import { HOJE, perfil } from './arbitrary-perfis.ts';

const anyMeasures = perfil.map((raw) => measuresOf(raw, HOJE));
const pointsOf = (measures: PerfilMeasures): Record<string, number> =>
  Object.fromEntries(scoreMeasures(measures).fatores.map(({ codigo, pontos }) => [codigo, pontos]));
const NO_MEASURES = measuresOf({ bens: [], fontesDeRenda: [] }, HOJE);

const meses = fc.integer({ min: 0, max: 1_200 });
const change = {
  RENDA_MENSAL: fc.record({ rendaMensal: fc.bigInt({ min: 0n, max: 10n ** 9n }) }),
  PATRIMONIO_LIQUIDO: fc.record({ patrimonioLiquido: fc.bigInt({ min: -(10n ** 10n), max: 10n ** 11n }) }),
  DIVERSIDADE_DE_BENS: fc.record({ tiposDeBem: fc.integer({ min: 1, max: 7 }) }),
  ESTABILIDADE: fc.record({ mesesNaFonteDeRenda: meses, rendaComprovada: fc.boolean() }, { requiredKeys: [] }),
  ENDERECO: fc.record({ mesesDesdeConfirmacaoDoEndereco: meses, enderecoCompleto: fc.boolean() }, { requiredKeys: [] }),
};

describe('A simulated score', () => {
  it('without changes is the score', () => {
    fc.assert(
      fc.property(perfil, (raw) => {
        const measures = measuresOf(raw, HOJE);
        for (const none of [{}, { rendaMensal: null, rendaComprovada: null, enderecoCompleto: null }])
          expect(scoreMeasures(changedMeasures(measures, none))).toEqual(scorePerfil(raw, HOJE));
      }),
      generatedProperty(1_000),
    );
  });

  it.each(Object.entries(change))('changes %s alone with its own changes', (codigo, changes) => {
    fc.assert(
      fc.property(anyMeasures, changes as fc.Arbitrary<object>, (measures, mudancas) => {
        const { [codigo]: _, ...others } = pointsOf(measures);
        const { [codigo]: __, ...simulatedOthers } = pointsOf(changedMeasures(measures, mudancas));
        expect(simulatedOthers).toEqual(others);
      }),
      generatedProperty(1_000),
    );
  });

  it.each([
    ['a proof of the income', { rendaComprovada: true }],
    ['a complete address', { enderecoCompleto: true }],
    ['an address that was confirmed today', { mesesDesdeConfirmacaoDoEndereco: 0 }],
  ])('never falls with %s', (_, mudancas) => {
    fc.assert(
      fc.property(anyMeasures, (measures) => {
        const simulated = scoreMeasures(changedMeasures(measures, mudancas)).valorAntesDoLimite;
        expect(simulated).toBeGreaterThanOrEqual(scoreMeasures(measures).valorAntesDoLimite);
      }),
      generatedProperty(1_000),
    );
  });

  it('of a person of whom nothing is known gets the bin of each change', () => {
    const { fatores } = scoreMeasures(
      changedMeasures(NO_MEASURES, {
        rendaMensal: 5_000_00n,
        mesesNaFonteDeRenda: 24,
        rendaComprovada: true,
        patrimonioLiquido: -1n,
        tiposDeBem: 7,
        mesesDesdeConfirmacaoDoEndereco: 0,
      }),
    );
    expect(Object.fromEntries(fatores.map(({ codigo, faixaDoValor }) => [codigo, faixaDoValor]))).toEqual({
      RENDA_MENSAL: 'de R$ 5.000,00 a R$ 7.999,99',
      ESTABILIDADE: 'comprovada, de 2 anos a menos de 5 anos',
      PATRIMONIO_LIQUIDO: 'negativo',
      DIVERSIDADE_DE_BENS: '4 tipos ou mais',
      ENDERECO: 'incompleto, menos de 2 anos',
      IDADE: 'SEM_INFORMACAO',
    });
  });

  it('keeps a factor without information when only its quality is to change', () => {
    const changed = changedMeasures(NO_MEASURES, { rendaComprovada: true, enderecoCompleto: true });
    expect(pointsOf(changed)).toEqual(pointsOf(NO_MEASURES));
  });

  it.each([
    [{ rendaMensal: -1n }, '`rendaMensal` is not negative.'],
    [{ tiposDeBem: 0 }, '`tiposDeBem` is from 1 to 7.'],
    [{ tiposDeBem: 8 }, '`tiposDeBem` is from 1 to 7.'],
    [{ mesesNaFonteDeRenda: -1 }, '`mesesNaFonteDeRenda` is from 0 to 1200.'],
    [{ mesesNaFonteDeRenda: 1_201 }, '`mesesNaFonteDeRenda` is from 0 to 1200.'],
    [{ mesesDesdeConfirmacaoDoEndereco: -1 }, '`mesesDesdeConfirmacaoDoEndereco` is from 0 to 1200.'],
  ])('is refused for %p', (mudancas, detail) => {
    expect(() => changedMeasures(NO_MEASURES, mudancas)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', message: expect.stringContaining(detail) }),
    );
  });
});
