import fc from 'fast-check';
import { modelos, versoes } from '../../src/modelo/modelos.ts';
import { measuresOf, type PerfilMeasures, scoreMeasures as scoreByModel } from '../../src/modelo/score-perfil.ts';
import { changedMeasures } from '../../src/modelo/simulation.ts';
import { HOJE, perfil } from './arbitrary-perfis.ts';

const anyMeasures = perfil.map((raw) => measuresOf(raw, HOJE));
const NO_MEASURES = measuresOf({ bens: [], fontesDeRenda: [] }, HOJE);

const meses = fc.integer({ min: 0, max: 1_200 });
const change = {
  RENDA_MENSAL: fc.record({ rendaMensal: fc.bigInt({ min: 0n, max: 10n ** 9n }) }),
  PATRIMONIO_LIQUIDO: fc.record({ patrimonioLiquido: fc.bigInt({ min: -(10n ** 10n), max: 10n ** 11n }) }),
  DIVERSIDADE_DE_BENS: fc.record({ tiposDeBem: fc.integer({ min: 1, max: 7 }) }),
  ESTABILIDADE: fc.record({ mesesNaFonteDeRenda: meses, rendaComprovada: fc.boolean() }),
  ENDERECO: fc.record({ mesesDesdeConfirmacaoDoEndereco: meses, enderecoCompleto: fc.boolean() }),
};
const anyChange = fc
  .tuple(...Object.values(change).map((one) => fc.option(one as fc.Arbitrary<object>, { nil: {} })))
  .map((parts) => Object.assign({}, ...parts) as object);

describe.each(versoes)('A simulated score of %s', (version) => {
  const modelo = modelos[version];
  const scoreMeasures = (measures: PerfilMeasures) => scoreByModel(modelo, measures);
  const pointsOf = (measures: PerfilMeasures): Record<string, number> =>
    Object.fromEntries(scoreMeasures(measures).fatores.map(({ codigo, pontos }) => [codigo, pontos]));

  it('without changes is the score', () => {
    fc.assert(
      fc.property(perfil, (raw) => {
        const measures = measuresOf(raw, HOJE);
        for (const none of [{}, { rendaMensal: null, rendaComprovada: null, enderecoCompleto: null }])
          expect(scoreMeasures(changedMeasures(measures, none))).toEqual(scoreMeasures(measures));
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

  it('never falls when a change names a better bin', () => {
    fc.assert(
      fc.property(anyMeasures, meses, (measures, months) => {
        const worse = { mesesNaFonteDeRenda: months, rendaComprovada: false, mesesDesdeConfirmacaoDoEndereco: months, enderecoCompleto: false }; // prettier-ignore
        const better = { ...worse, rendaComprovada: true, enderecoCompleto: true };
        const points = [worse, better].map((mudancas) => scoreMeasures(changedMeasures(measures, mudancas)).valorAntesDoLimite); // prettier-ignore
        expect(points[1]).toBeGreaterThan(points[0]!);
      }),
      generatedProperty(1_000),
    );
  });

  it('tells of a profile what the factors of its score tell, and nothing more', () => {
    // Other measures in the same bins: the lower bound of each bin in place of the person's own.
    fc.assert(
      fc.property(anyMeasures, anyChange, (measures, mudancas) => {
        const { fatores } = scoreMeasures(measures);
        const bins = modelo.fatores.map(({ codigo, faixas }, index) => {
          const bin = faixas.find(({ faixaDoValor }) => faixaDoValor === fatores[index]!.faixaDoValor);
          return [codigo, bin ? [{ group: bin.group, valor: bin.from ?? -1n }] : []];
        });
        const others = { ...NO_MEASURES, ...(Object.fromEntries(bins) as Partial<PerfilMeasures>) };
        expect(scoreMeasures(others).fatores).toEqual(fatores);
        expect(scoreMeasures(changedMeasures(others, mudancas))).toEqual(scoreMeasures(changedMeasures(measures, mudancas))); // prettier-ignore
      }),
      generatedProperty(1_000),
    );
  });

  it('does not change by kinds of assets where these are no factor, and does where they are', () => {
    const [none, many] = [{}, { tiposDeBem: 7 }].map((mudancas) => scoreMeasures(changedMeasures(NO_MEASURES, mudancas)).valor); // prettier-ignore
    expect(many! > none!).toBe(modelo.fatores.some(({ codigo }) => codigo === 'DIVERSIDADE_DE_BENS'));
  });
});

describe('A simulated score', () => {
  it('of a person of whom nothing is known gets the bin of each change', () => {
    const { fatores } = scoreByModel(
      modelos['pessoa-2026.1'],
      changedMeasures(NO_MEASURES, {
        rendaMensal: 5_000_00n,
        mesesNaFonteDeRenda: 24,
        rendaComprovada: true,
        patrimonioLiquido: -1n,
        tiposDeBem: 7,
        mesesDesdeConfirmacaoDoEndereco: 0,
        enderecoCompleto: false,
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

  it.each([
    [{ rendaMensal: -1n }, '`rendaMensal` is not negative.'],
    [{ tiposDeBem: 0 }, '`tiposDeBem` is from 1 to 7.'],
    [{ tiposDeBem: 8 }, '`tiposDeBem` is from 1 to 7.'],
    [{ mesesNaFonteDeRenda: -1 }, '`mesesNaFonteDeRenda` is from 0 to 1200.'],
    [{ mesesNaFonteDeRenda: 1_201 }, '`mesesNaFonteDeRenda` is from 0 to 1200.'],
    [{ mesesDesdeConfirmacaoDoEndereco: -1 }, '`mesesDesdeConfirmacaoDoEndereco` is from 0 to 1200.'],
    [{ mesesNaFonteDeRenda: 1 }, '`mesesNaFonteDeRenda` and `rendaComprovada` go together.'],
    [{ rendaComprovada: false }, '`mesesNaFonteDeRenda` and `rendaComprovada` go together.'],
    [{ enderecoCompleto: true }, '`mesesDesdeConfirmacaoDoEndereco` and `enderecoCompleto` go together.'],
  ])('is refused for %p', (mudancas, detail) => {
    expect(() => changedMeasures(NO_MEASURES, mudancas)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', message: expect.stringContaining(detail) }),
    );
  });
});
