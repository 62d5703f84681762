import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { pontuar } from '../src/modelo/pontuar.ts';
import { scoreModelDoc } from '../src/modelo/publicar.ts';
import { lerNota, lerPublicado } from './modelo-leitura-publicada.ts';
import { HOJE, perfil } from './modelo-perfis.ts';

const page = readFileSync(new URL('../../../docs/score-model.md', import.meta.url), 'utf8');

describe('The published score model', () => {
  it('is the table in force', () => {
    if (page !== scoreModelDoc()) {
      throw new Error('docs/score-model.md is stale: run `npm run generate` and commit it');
    }
  });

  it('gives the same points as the code, factor by factor, for 10,000 raw profiles', () => {
    const publicado = lerPublicado(page);
    const reached = new Set<string>();
    for (const raw of fc.sample(perfil, { seed: 20_261_122, numRuns: 10_000 })) {
      const nota = pontuar(raw, HOJE);
      const leitura = lerNota(publicado, raw, HOJE);
      const fromCode = nota.fatores.map(({ codigo, faixaDoValor, pontos, pontosMaximos }) => [
        codigo,
        { faixaDoValor, pontos, pontosMaximos },
      ]);
      expect(Object.fromEntries(fromCode)).toEqual(Object.fromEntries(leitura));
      const sum = [...leitura.values()].reduce((total, { pontos }) => total + pontos, publicado.pontosBase);
      expect([nota.pontosBase, nota.valorAntesDoLimite]).toEqual([publicado.pontosBase, sum]);
      expect(nota.valor).toBe(sum < 0 ? 0 : sum > 1000 ? 1000 : sum);
      for (const [codigo, { faixaDoValor }] of leitura) reached.add(`${codigo} ${faixaDoValor}`);
    }
    // Otherwise the sample would have left a bin unread.
    const printed = [...publicado.fatores].flatMap(([codigo, linhas]) =>
      linhas.map(({ faixaDoValor }) => `${codigo} ${faixaDoValor}`),
    );
    expect([...reached].toSorted()).toEqual(printed.toSorted());
  });
});
