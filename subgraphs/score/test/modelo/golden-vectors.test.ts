import { readFileSync } from 'node:fs';
import type { Data } from '@pessoa/domain/data';
import { modelos, versoes } from '../../src/modelo/modelos.ts';
import type { RawPerfil } from '../../src/modelo/permitted-perfil.ts';
import { scorePerfil } from '../../src/modelo/score-perfil.ts';

interface GoldenVector {
  caso: string;
  hoje: Data;
  perfil: RawPerfil;
  /** The expected score. */
  nota: {
    valor: number;
    valorAntesDoLimite: number;
    faixa: string;
    probabilidadeInadimplencia: string;
    fatores: Record<string, [faixaDoValor: string, pontos: number]>;
    motivos: Record<string, number>;
    dadosAusentes: string[];
  };
}

const revive = (key: string, value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  if (key.endsWith('Centavos')) return BigInt(value);
  return key === 'atualizadoEm' ? new Date(value) : value;
};

// A new version needs a file of its own and fails here without one. The file of a published version is never edited.
describe.each(versoes)('The golden vectors of %s', (version) => {
  const modelo = modelos[version];
  const file = new URL(`golden-vectors/${version}.json`, import.meta.url);
  const { vetores } = JSON.parse(readFileSync(file, 'utf8'), revive) as { vetores: GoldenVector[] };

  it.each(vetores.map((vetor) => [vetor.caso, vetor] as const))(
    'hold for %s',
    (_caso, { hoje, perfil, nota: expected }) => {
      const { valor, valorAntesDoLimite, faixa, probabilidadeInadimplencia, fatores, motivos, dadosAusentes } =
        scorePerfil(modelo, perfil, hoje);
      expect({
        valor,
        valorAntesDoLimite,
        faixa,
        probabilidadeInadimplencia,
        fatores: Object.fromEntries(fatores.map((fator) => [fator.codigo, [fator.faixaDoValor, fator.pontos]])),
        dadosAusentes,
      }).toEqual({ ...expected, motivos: undefined });
      expect(motivos.map(({ codigo, pontosPerdidos }) => [codigo, pontosPerdidos])).toEqual(
        Object.entries(expected.motivos),
      );
    },
  );

  it('reach every bin of every factor, so no figure can change within a version', () => {
    const reachedBins = new Set(
      vetores.flatMap(({ nota: expected }) =>
        Object.entries(expected.fatores).map(([codigo, [faixa]]) => `${codigo} ${faixa}`),
      ),
    );
    const table = modelo.fatores.flatMap(({ codigo, faixas }) => [
      `${codigo} SEM_INFORMACAO`,
      ...faixas.map(({ faixaDoValor }) => `${codigo} ${faixaDoValor}`),
    ]);
    expect([...reachedBins].toSorted()).toEqual(table.toSorted());
  });
});
