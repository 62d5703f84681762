import { decimal, percent } from '../findings.ts';
import type { Report } from '../report.ts';
import { axisEnd, barChart, lineChart } from './charts.ts';

const UNIT = { from: 0, to: 1, format: (value: number) => decimal(value, 1) };
const wholePercent = (value: number): string => `${Math.round(100 * value)} %`;
const ofShares = { format: wholePercent };

/** The plots of a report by the names of their files, without the ending. */
export function reportPlots(report: Report): Readonly<Record<string, string>> {
  return {
    roc: roc(report),
    calibracao: calibrationPlot(report),
    ganhos: gainsPlot(report),
    faixas: bandsPlot(report),
    fatores: factorsPlot(report),
    idade: agePlot(report),
    ...(report.stability && { psi: stabilityPlot(report) }),
  };
}

const roc = ({ discrimination: { auc, ks, at, curve } }: Report): string =>
  lineChart(
    {
      title: `Quem não paga fica abaixo de quem paga: AUC ${decimal(auc)}`,
      description: `Curva ROC. Área ${decimal(auc)}; maior distância entre as duas parcelas ${decimal(ks)}, na nota ${at}.`,
      xLabel: 'parcela dos que pagam até a nota',
      yLabel: 'parcela dos que não pagam',
    },
    UNIT,
    UNIT,
    [{ name: 'nota', points: curve }, { name: 'acaso', points: [[0, 0], [1, 1]], isDashed: true }], // prettier-ignore
  );

function calibrationPlot({ calibration: { byDecile } }: Report): string {
  const to = axisEnd(Math.max(...byDecile.groups.flatMap(({ said, interval }) => [said, interval.to])));
  const axis = { from: 0, to, format: wholePercent };
  return lineChart(
    {
      title: 'O que a nota diz e o que aconteceu, por décimo',
      description: byDecile.groups.map(({ said, observed }) => `diz ${percent(said)}, foi ${percent(observed)}`).join('; '), // prettier-ignore
      xLabel: 'chance que a nota diz',
      yLabel: 'não pagaram',
    },
    axis,
    axis,
    [
      { name: 'décimos das notas', points: byDecile.groups.map(({ said, observed }) => [said, observed]), hasDots: true }, // prettier-ignore
      { name: 'calibrada', points: [[0, 0], [to, to]], isDashed: true }, // prettier-ignore
    ],
  );
}

const gainsPlot = ({ gains }: Report): string =>
  lineChart(
    {
      title: 'Ganhos: recusar primeiro as piores notas',
      description: gains.map(({ cumulativePeople, cumulativeBad }) => `${percent(cumulativePeople)} das pessoas, ${percent(cumulativeBad)} dos que não pagam`).join('; '), // prettier-ignore
      xLabel: 'parcela das pessoas, da pior nota',
      yLabel: 'parcela dos que não pagam',
    },
    UNIT,
    UNIT,
    [
      { name: 'nota', points: [[0, 0], ...gains.map(({ cumulativePeople, cumulativeBad }) => [cumulativePeople, cumulativeBad] as const)], hasDots: true }, // prettier-ignore
      { name: 'acaso', points: [[0, 0], [1, 1]], isDashed: true }, // prettier-ignore
    ],
  );

const bandsPlot = ({ calibration: { byBand } }: Report): string =>
  barChart(
    {
      title: 'O que a nota diz e o que aconteceu, por faixa',
      description: byBand.groups.map(({ name, said, observed }) => `${name}: diz ${percent(said)}, foi ${percent(observed)}`).join('; '), // prettier-ignore
      xLabel: 'faixa',
      yLabel: 'inadimplência',
    },
    byBand.groups.map(({ name }) => name),
    ofShares,
    [
      { name: 'a nota diz', values: byBand.groups.map(({ said }) => said) },
      { name: 'aconteceu (95 %)', values: byBand.groups.map(({ observed }) => observed), intervals: byBand.groups.map(({ interval }) => interval) }, // prettier-ignore
    ],
  );

const factorsPlot = ({ factors }: Report): string =>
  barChart(
    {
      title: 'Valor da informação de cada fator',
      description: factors.map(({ codigo, informationValue }) => `${codigo} ${decimal(informationValue)}`).join('; '),
      xLabel: 'fator',
      yLabel: 'valor da informação',
    },
    factors.map(({ codigo }) => codigo.replaceAll('_', ' ').toLowerCase()),
    { format: (value) => decimal(value, 2) },
    [{ name: 'valor', values: factors.map(({ informationValue }) => informationValue) }],
  );

const agePlot = ({ fairness, decision: { cutOff } }: Report): string =>
  barChart(
    {
      title: `Aprovação e inadimplência por idade, corte em ${cutOff}`,
      description: fairness.map(({ name, approvalRate, observed }) => `${name}: passam ${percent(approvalRate)}, não pagaram ${percent(observed)}`).join('; '), // prettier-ignore
      xLabel: 'idade',
      yLabel: 'parcela do grupo',
    },
    fairness.map(({ name }) => name),
    ofShares,
    [
      { name: 'passam', values: fairness.map(({ approvalRate }) => approvalRate) },
      { name: 'não pagaram (95 %)', values: fairness.map(({ observed }) => observed), intervals: fairness.map(({ interval }) => interval) }, // prettier-ignore
    ],
  );

const stabilityPlot = ({ stability }: Report): string =>
  barChart(
    {
      title: `Duas populações: PSI ${decimal(stability!.index)}`,
      description: stability!.groups.map(({ from, share, otherShare }) => `de ${from}: ${percent(share)} e ${percent(otherShare)}`).join('; '), // prettier-ignore
      xLabel: 'menor nota do décimo',
      yLabel: 'parcela das pessoas',
    },
    stability!.groups.map(({ from }) => String(from)),
    ofShares,
    [
      { name: 'esta', values: stability!.groups.map(({ share }) => share) },
      { name: 'a outra', values: stability!.groups.map(({ otherShare }) => otherShare) },
    ],
  );
