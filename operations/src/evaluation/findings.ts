import type { Report } from './report.ts';
import { GROUP_MIN } from './statistics/groups.ts';

/** What the report says in words. The codes are stable; the text is Portuguese, for the reader of the report. */
export interface Finding {
  readonly code: FindingCode;
  readonly isGood: boolean;
  readonly text: string;
}

export type FindingCode =
  | 'ORDENA'
  | 'NAO_ORDENA'
  | 'ORDENA_AO_CONTRARIO'
  | 'CALIBRADO'
  | 'DESCALIBRADO'
  | 'FATORES_EM_ORDEM'
  | 'FATOR_FORA_DE_ORDEM'
  | 'FATORES_NAO_MEDIDOS'
  | 'APROVACAO_IGUAL'
  | 'APROVACAO_NAO_MEDIDA'
  | 'APROVACAO_INCONCLUSIVA'
  | 'APROVACAO_DESIGUAL'
  | 'DISCRIMINA_SEM_CAUSA'
  | 'POPULACAO_ESTAVEL'
  | 'POPULACAO_MUDOU'
  | 'POPULACAO_INCONCLUSIVA'
  | 'PESSOAS_SEM_NOTA';

/** In place of a figure that there is not: a share of nobody. */
const NOTHING = '–';
const isThere = (value: number | null): value is number => value !== null && !Number.isNaN(value);

export const percent = (share: number | null): string =>
  isThere(share) ? `${(100 * share).toFixed(1).replace('.', ',')} %` : NOTHING;
/** Never minus zero. */
export const decimal = (value: number | null, places = 3): string =>
  isThere(value)
    ? value
        .toFixed(places)
        .replace(/^-(?=[0.]*$)/, '')
        .replace('.', ',')
    : NOTHING;

/** The findings, in the order of the report. */
export function findingsOf(report: Report): Finding[] {
  return [
    orders(report),
    calibrated(report),
    ...factors(report),
    ...fairness(report),
    ...stability(report),
    ...notScored(report),
  ];
}

function orders({ discrimination: { auc, aucInterval, gini, giniInterval } }: Report): Finding {
  const isGood = aucInterval.from > 0.5;
  const figures = `AUC ${decimal(auc)} (95 %: ${decimal(aucInterval.from)} a ${decimal(aucInterval.to)}), Gini ${decimal(gini)} (${decimal(giniInterval.from)} a ${decimal(giniInterval.to)})`;
  return isGood
    ? { code: 'ORDENA', isGood, text: `A nota separa quem paga de quem não paga: ${figures}.` }
    : aucInterval.to < 0.5
      ? {
          code: 'ORDENA_AO_CONTRARIO',
          isGood,
          text: `A nota ordena ao contrário: quem tem nota maior paga menos. ${figures}.`,
        }
      : {
          code: 'NAO_ORDENA',
          isGood,
          text: `Não está provado que a nota separa quem paga de quem não paga: ${figures}.`,
        };
}

function calibrated({ people, bad, averageSaid, calibration: { byBand, byDecile } }: Report): Finding {
  const isGood = byBand.isCalibrated && byDecile.isCalibrated;
  const figures = `em média ela diz ${percent(averageSaid)} de inadimplência, e ${percent(bad / people)} não pagaram`;
  return isGood
    ? { code: 'CALIBRADO', isGood, text: `As chances que a nota diz cabem nos resultados: ${figures}.` }
    : {
        code: 'DESCALIBRADO',
        isGood,
        text: `As chances que a nota diz não cabem nos resultados: ${figures}. Use a ordem, não a chance, ou ajuste a escala.`,
      };
}

function factors({ factors: values }: Report): Finding[] {
  if (values.every(({ comparisons }) => comparisons === 0))
    return [{ code: 'FATORES_NAO_MEDIDOS', isGood: false, text: `A ordem dos fatores não foi medida: nenhum tem duas faixas vizinhas com pessoas bastantes (${GROUP_MIN} em cada uma, e 5 esperadas de cada lado).` }]; // prettier-ignore
  const wrong = values.filter(({ inversions }) => inversions.length > 0);
  if (wrong.length === 0)
    return [
      { code: 'FATORES_EM_ORDEM', isGood: true, text: 'Em nenhum fator mais pontos vão com mais inadimplência.' },
    ];
  return wrong.map(({ codigo, inversions }) => ({
    code: 'FATOR_FORA_DE_ORDEM',
    isGood: false,
    text: `${codigo} ordena errado nestas pessoas: ${inversions.map(([worse, better]) => `“${better}” tem mais pontos e mais inadimplência que “${worse}”`).join('; ')}.`,
  }));
}

function fairness({ fairness: groups, decision: { cutOff } }: Report): Finding[] {
  if (groups.every(({ treatment }) => treatment === 'not-measured')) {
    const why = groups.length < 2 ? `menos de dois grupos de idade têm ${GROUP_MIN} pessoas` : 'ninguém passa';
    return [{ code: 'APROVACAO_NAO_MEDIDA', isGood: false, text: `A aprovação por idade não foi medida: com corte em ${cutOff}, ${why}.` }]; // prettier-ignore
  }
  const uneven = groups.filter(({ treatment }) => treatment !== 'even');
  if (uneven.length === 0)
    return [{ code: 'APROVACAO_IGUAL', isGood: true, text: `Com corte em ${cutOff}, nenhum grupo de idade com ${GROUP_MIN} pessoas tem menos de quatro quintos da aprovação do melhor.` }]; // prettier-ignore
  const best = groups.find(({ approvalRatio }) => approvalRatio === 1)!;
  return uneven.map(({ name, approvalRatio, approvalRate, observed, expectedAtScore, treatment }) => {
    const figures = `com corte em ${cutOff} passam ${percent(approvalRate)}, ${decimal(approvalRatio, 2)} do grupo que mais passa (${best.name}); não pagaram ${percent(observed)}, contra ${percent(best.observed)} naquele e ${percent(expectedAtScore)} de todos com as mesmas notas`;
    if (treatment === 'inconclusive')
      return { code: 'APROVACAO_INCONCLUSIVA', isGood: false, text: `Não se sabe se a aprovação é igual, ${name}: a diferença cabe no acaso; ${figures}.` }; // prettier-ignore
    return treatment === 'without-cause'
      ? { code: 'DISCRIMINA_SEM_CAUSA', isGood: false, text: `A nota discrimina ${name} sem causa nos resultados: ${figures}.` } // prettier-ignore
      : { code: 'APROVACAO_DESIGUAL', isGood: false, text: `Aprovação desigual, ${name}: ${figures}.` };
  });
}

function stability({ stability: shift }: Report): Finding[] {
  if (!shift) return [];
  const moved = shift.factors.filter(({ shift: each }) => each === 'some' || each === 'large').map(({ codigo, index }) => `${codigo} ${decimal(index)}`); // prettier-ignore
  const text = `PSI da nota ${decimal(shift.index)} (por acaso até ${decimal(shift.byChance)}); fatores que mudaram: ${moved.join(', ') || 'nenhum'}.`;
  if (shift.shift === 'inconclusive')
    return [{ code: 'POPULACAO_INCONCLUSIVA', isGood: false, text: `Não se sabe se a outra população tem as mesmas notas: são poucas pessoas. ${text}` }]; // prettier-ignore
  return shift.shift === 'none'
    ? [{ code: 'POPULACAO_ESTAVEL', isGood: true, text: `A outra população tem as mesmas notas. ${text}` }]
    : [{ code: 'POPULACAO_MUDOU', isGood: false, text: `A outra população tem outras notas. ${text}` }];
}

function notScored({ people, notScored: { unknown, invalid } }: Report): Finding[] {
  if (unknown + invalid === 0) return [];
  const all = people + unknown + invalid;
  return [
    {
      code: 'PESSOAS_SEM_NOTA',
      isGood: false,
      text: `${unknown + invalid} de ${all} pessoas ficaram fora: a Base B não conhece ${unknown}, e a linha de ${invalid} não serve.`,
    },
  ];
}
