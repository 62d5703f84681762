import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { modelos, versoes } from '../../src/modelo/modelos.ts';
import { pageOf, scoreModelDocument } from '../../src/modelo/score-model-document.ts';
import { scorePerfil } from '../../src/modelo/score-perfil.ts';
import { HOJE, perfil } from './arbitrary-perfis.ts';
import { readPublishedModel, scoreByPage } from './published-model-reader.ts';

describe.each(versoes)('The published score model %s', (version) => {
  const modelo = modelos[version];
  const file = pageOf(version);
  const page = readFileSync(new URL(`../../../../${file}`, import.meta.url), 'utf8');

  it('is the table that the code uses', () => {
    if (page !== scoreModelDocument(modelo)) {
      throw new Error(`${file} is stale: run \`npm run generate\` and commit it`);
    }
  });

  it('gives the same points as the code, factor by factor, for 10,000 raw profiles', () => {
    const published = readPublishedModel(page);
    const reachedBins = new Set<string>();
    for (const raw of fc.sample(perfil, { seed: 20_261_122, numRuns: 10_000 })) {
      const score = scorePerfil(modelo, raw, HOJE);
      const fatorScores = scoreByPage(published, raw, HOJE);
      const fromCode = score.fatores.map(({ codigo, faixaDoValor, pontos, pontosMaximos }) => [
        codigo,
        { faixaDoValor, pontos, pontosMaximos },
      ]);
      const sum = [...fatorScores.values()].reduce((total, { pontos }) => total + pontos, published.pontosBase);
      const { pontosBase, valorAntesDoLimite, valor } = score;
      const ofCode = { fatores: Object.fromEntries(fromCode), pontosBase, valorAntesDoLimite, valor };
      const ofPage = {
        fatores: Object.fromEntries(fatorScores),
        pontosBase: published.pontosBase,
        valorAntesDoLimite: sum,
        valor: sum < 0 ? 0 : sum > 1000 ? 1000 : sum,
      };
      // Jest's comparison is slow for 10,000 cases. It runs only when there is a difference to explain.
      if (!isDeepStrictEqual(ofCode, ofPage)) expect(ofCode).toEqual(ofPage);
      for (const [codigo, { faixaDoValor }] of fatorScores) reachedBins.add(`${codigo} ${faixaDoValor}`);
    }
    // The sample must reach every printed bin.
    const printedBins = [...published.fatores].flatMap(([codigo, bins]) =>
      bins.map(({ faixaDoValor }) => `${codigo} ${faixaDoValor}`),
    );
    expect([...reachedBins].toSorted()).toEqual(printedBins.toSorted());
  });
});
