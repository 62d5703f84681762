import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
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
      const sum = [...leitura.values()].reduce((total, { pontos }) => total + pontos, publicado.pontosBase);
      const { pontosBase, valorAntesDoLimite, valor } = nota;
      const ofCode = { fatores: Object.fromEntries(fromCode), pontosBase, valorAntesDoLimite, valor };
      const ofPage = {
        fatores: Object.fromEntries(leitura),
        pontosBase: publicado.pontosBase,
        valorAntesDoLimite: sum,
        valor: sum < 0 ? 0 : sum > 1000 ? 1000 : sum,
      };
      // Jest's own comparison takes most of the time of 10,000 cases: it explains the first difference, if there is one.
      if (!isDeepStrictEqual(ofCode, ofPage)) expect(ofCode).toEqual(ofPage);
      for (const [codigo, { faixaDoValor }] of leitura) reached.add(`${codigo} ${faixaDoValor}`);
    }
    // Otherwise the sample would have left a bin unread.
    const printed = [...publicado.fatores].flatMap(([codigo, linhas]) =>
      linhas.map(({ faixaDoValor }) => `${codigo} ${faixaDoValor}`),
    );
    expect([...reached].toSorted()).toEqual(printed.toSorted());
  });
});
