import type { Data } from '@pessoa/domain/data';
import { CUT_OFF_DEFAULT, evaluate } from '@pessoa/operations/evaluation/report';
import { modelCard } from '@pessoa/score/modelo/model-card';
import type { Versao } from '@pessoa/score/modelo/modelo';
import { modelos, versoes } from '@pessoa/score/modelo/modelos';
import { expectedAuc } from '../labelled-sets/known-auc.ts';
import { type LabelledSetName, labelledSetNames, labelledSets } from '../labelled-sets/labelled-sets.ts';
import { scoredSet } from '../labelled-sets/scored-set.ts';

const HOJE = '2026-11-29' as Data;
const PEOPLE = 4_000;

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;

/** What the report measures of a version on a set, in the words of the card. */
function measured(name: LabelledSetName, version: Versao) {
  const people = scoredSet(name, PEOPLE, HOJE, version);
  const { discrimination, brier, averageSaid, bad, decision, fairness } = evaluate(
    { people, modelo: version, unknown: 0, invalid: 0, stale: 0 },
    CUT_OFF_DEFAULT,
  );
  return {
    conjunto: name,
    sobre: labelledSets[name].about,
    pessoas: PEOPLE,
    inadimplentes: rounded(bad / PEOPLE),
    chanceMediaDita: rounded(averageSaid),
    aucVerdadeira: rounded(expectedAuc(people.map(({ valor, trueChance }) => ({ score: valor, chance: trueChance })))),
    auc: rounded(discrimination.auc),
    gini: rounded(discrimination.gini),
    giniIntervalo: [rounded(discrimination.giniInterval.from), rounded(discrimination.giniInterval.to)],
    ks: rounded(discrimination.ks),
    brier: rounded(brier),
    corte: CUT_OFF_DEFAULT,
    aprovados: rounded(decision.approvalRate),
    porIdade: fairness.map(({ name: grupo, people: pessoas, approvalRate, approvalRatio, goodApproved, observed, said, expectedAtScore }) => ({
      grupo,
      pessoas,
      aprovados: rounded(approvalRate),
      razao: rounded(approvalRatio),
      aprovadosDosQuePagaram: rounded(goodApproved),
      chanceMediaDita: rounded(said),
      inadimplentes: rounded(observed),
      inadimplentesDasMesmasNotas: rounded(expectedAtScore),
    })), // prettier-ignore
  };
}

type Measured = ReturnType<typeof measured>;

const cards = new Map<Versao, ReturnType<typeof cardOf>>();

const cardOf = (version: Versao) => ({
  ...modelCard(modelos[version]),
  medidas: {
    origem: 'Conjuntos gerados, nenhuma pessoa real: docs/score-evaluation.md',
    conjuntos: labelledSetNames.map((name) => measured(name, version)),
  },
});

/** The card of a version, measured once in a run. */
function card(version: Versao): ReturnType<typeof cardOf> {
  if (!cards.has(version)) cards.set(version, cardOf(version));
  return cards.get(version)!;
}

/** The text of schema/models/VERSION.json, which `GET /modelo/{versao}` answers. */
export const modelCardJson = (version: Versao): string => JSON.stringify(card(version), null, 2);

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const table = (header: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [row(header), row(header.map(() => '---')), ...rows.map(row)].join('\n');
const listOf = (texts: readonly string[]): string => texts.map((text) => `- ${text}`).join('\n');

const figures = ({ conjunto, inadimplentes, chanceMediaDita, aucVerdadeira, gini, giniIntervalo, ks, brier, aprovados }: Measured) =>
  [conjunto, inadimplentes, chanceMediaDita, aucVerdadeira, `${gini} (${giniIntervalo.join(' to ')})`, ks, brier, aprovados]; // prettier-ignore

function section(version: Versao): string {
  const { uso, metodo, tabela, entradasProibidas, limites, faixas, fatores, medidas } = card(version);
  const spread = (fator: (typeof fatores)[number]) => {
    const points = [fator.pontosSemInformacao, ...fator.faixas.map(({ pontos }) => pontos)];
    return [`\`${fator.codigo}\``, Math.min(...points), Math.max(...points), fator.pontosSemInformacao];
  };
  const groups = medidas.conjuntos.flatMap(
    ({ conjunto, porIdade }) =>
    porIdade.map((group) => [conjunto, group.grupo, group.aprovados, group.razao, group.aprovadosDosQuePagaram, group.inadimplentes, group.inadimplentesDasMesmasNotas]), // prettier-ignore
  );
  return `## \`${version}\`

${uso}

${metodo} Every bin: [${tabela.replace('docs/', '')}](${tabela.replace('docs/', '')}).

${table(['fator', 'least points', 'most points', 'SEM_INFORMACAO'], fatores.map(spread))}

${table(
  ['faixa', 'from', 'chance at its lowest score'],
  faixas.map(({ faixa, de, chanceNaMenorNota }) => [faixa, de, chanceNaMenorNota]),
)}

**It never reads**

${listOf(entradasProibidas)}

**Limits**

${listOf(limites)}

**On the generated sets**, ${PEOPLE} people each, not on people: the share that defaults, the average chance that the score says, the true AUC, the Gini of
one draw with its interval of 95 %, KS, Brier, and the share with ${CUT_OFF_DEFAULT} or more.

${table(['set', 'default', 'said', 'true AUC', 'Gini', 'KS', 'Brier', 'approved'], medidas.conjuntos.map(figures))}

**By age**: approved; the ratio to the group that is approved most; approved of those who paid; defaulted; defaulted of all with the same scores.

${table(['set', 'age', 'approved', 'ratio', 'of those who paid', 'defaulted', 'same scores'], groups)}`;
}

/** The text of docs/model-card.md. */
export const modelCardDocument = (): string => `# Model card of the score

Generated by \`npm run generate\` from \`subgraphs/score/src/modelo\` and the [generated sets](score-evaluation.md); do not edit. \`GET /modelo/{versao}\` answers
the same as JSON, on the router and on Score, without a token: it is about the model and nobody else, and whoever is scored may
know by what (LGPD art. 20 §1, Lei 12.414 art. 5 IV). Its texts are Portuguese, as those of the API. \`SCORE_MODEL\` says which version answers, and
each answer names its own. The reasons are in [0007](decisions/0007-score-formula.md) and [0040](decisions/0040-pessoa-2026-2.md).

${versoes.map(section).join('\n\n')}
`;
