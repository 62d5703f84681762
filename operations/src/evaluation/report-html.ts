import { decimal, findingsOf, percent } from './findings.ts';
import { escapeText } from './plots/svg.ts';
import type { Report } from './report.ts';
import type { CalibrationGroup } from './statistics/calibration.ts';
import { GROUP_MIN } from './statistics/groups.ts';

const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:60rem;margin:0 auto;padding:1rem}
svg{color:inherit;width:100%;height:auto}figure{margin:1rem 0}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
.scrolls{overflow-x:auto}th,td{padding:.2rem .7rem;text-align:right;border-bottom:1px solid #8886}th:first-child,td:first-child{text-align:left}
caption{text-align:left;font-weight:600;padding:.4rem 0}li{margin:.3rem 0}li.bad::marker{content:"✗  "}li.good::marker{content:"✓  "}
@media print{svg{max-width:32rem}}`;

type Cell = string | number;

function table(caption: string, header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = (row: readonly Cell[], tag: 'th' | 'td') =>
    row.map((cell) => `<${tag}${tag === 'th' ? ' scope="col"' : ''}>${escapeText(String(cell))}</${tag}>`).join('');
  return `<div class="scrolls" role="region" tabindex="0" aria-label="${escapeText(caption)}"><table><caption>${escapeText(caption)}</caption>
<thead><tr>${cells(header, 'th')}</tr></thead>
<tbody>${rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n')}</tbody></table></div>`;
}

const calibrationRow = ({ name, people, said, observed, interval }: CalibrationGroup): Cell[] => [
  name,
  people,
  percent(said),
  percent(observed),
  `${percent(interval.from)} a ${percent(interval.to)}`,
];

/**
 * The report as one page that loads nothing: text, tables and the plots.
 *
 * @param plots SVG by name, as `reportPlots` makes them
 */
export function reportHtml(report: Report, plots: Readonly<Record<string, string>>): string {
  const { discrimination: d, calibration, decision, stability } = report;
  const figure = (name: string): string => (plots[name] === undefined ? '' : `<figure>${plots[name]}</figure>`);
  const findings = findingsOf(report).map(
    ({ code, isGood, text }) => `<li class="${isGood ? 'good' : 'bad'}"><code>${code}</code> ${escapeText(text)}</li>`,
  );
  return `<!doctype html>
<html lang="pt-BR"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>A nota ${escapeText(report.modelo)} em ${report.people} pessoas</title><style>${STYLE}</style></head><body><main>
<h1>A nota <code>${escapeText(report.modelo)}</code> em ${report.people} pessoas</h1>
<p>${report.bad} não pagaram (${percent(report.bad / report.people)}). Os intervalos são de 95 % e tomam as pessoas como independentes. Nenhum nome nem CPF está aqui.</p>
<h2>O que se vê</h2><ul>
${findings.join('\n')}
</ul>
<h2>Ordem</h2>
${table(
  'Separação',
  ['medida', 'valor', '95 %'],
  [
    ['AUC', decimal(d.auc), `${decimal(d.aucInterval.from)} a ${decimal(d.aucInterval.to)}`],
    ['Gini', decimal(d.gini), `${decimal(d.giniInterval.from)} a ${decimal(d.giniInterval.to)}`],
    [`KS, na nota ${d.at}`, decimal(d.ks), ''],
    ['Brier (menor é melhor)', decimal(report.brier), ''],
    ['Brier de quem diz a taxa de todos', decimal(report.brierOfRate), ''],
  ],
)}
${figure('roc')}${figure('ganhos')}
${table(
  'Ganhos por décimo das notas, da pior',
  ['notas', 'pessoas', 'não pagaram', 'das pessoas', 'dos que não pagam', 'lift'],
  report.gains.map((row) => [
    row.scores,
    row.people,
    row.bad,
    percent(row.cumulativePeople),
    percent(row.cumulativeBad),
    decimal(row.lift, 2),
  ]),
)}
<h2>Chance</h2>
<p>Desvios em conjunto: ${decimal(calibration.byDecile.inTheLarge, 1)} (além de ±${decimal(calibration.byDecile.inTheLargeLimit, 2)} a nota erra a média). Hosmer e Lemeshow por décimo: ${decimal(calibration.byDecile.hosmerLemeshow.chiSquare, 1)}, limite ${decimal(calibration.byDecile.hosmerLemeshow.limit, 1)} em ${calibration.byDecile.hosmerLemeshow.degrees} grupos; por faixa: ${decimal(calibration.byBand.hosmerLemeshow.chiSquare, 1)}, limite ${decimal(calibration.byBand.hosmerLemeshow.limit, 1)} em ${calibration.byBand.hosmerLemeshow.degrees}. Grupos com menos de 5 esperados de cada lado contam com o vizinho.</p>
${figure('calibracao')}${figure('faixas')}
${table('Por faixa', ['faixa', 'pessoas', 'a nota diz', 'não pagaram', '95 %'], calibration.byBand.groups.map(calibrationRow))}
${table('Por décimo', ['notas', 'pessoas', 'a nota diz', 'não pagaram', '95 %'], calibration.byDecile.groups.map(calibrationRow))}
<h2>Fatores</h2>
<p>Uma faixa com menos de ${GROUP_MIN} pessoas não mostra quantas não pagaram. Se as outras faixas o dissessem, a menor delas também não mostra.</p>
${figure('fatores')}
${report.factors
  .map(({ codigo, informationValue, bins }) =>
    table(
      `${codigo}: valor da informação ${decimal(informationValue)}`,
      ['faixa do valor', 'pontos', 'pessoas', 'não pagaram', 'woe'],
      bins.map((bin) => [
        bin.faixaDoValor,
        bin.pontos,
        bin.people,
        percent(bin.bad === null ? null : bin.bad / bin.people),
        decimal(bin.woe, 2),
      ]),
    ),
  )
  .join('\n')}
<h2>Decisão com corte em ${decision.cutOff}</h2>
${table(
  'Erros',
  ['medida', 'valor'],
  [
    ['passam', percent(decision.approvalRate)],
    ['não pagaram, dos que passam', percent(decision.badAmongApproved)],
    ['passam, dos que não pagaram', percent(decision.badApproved)],
    ['recusados, dos que pagaram', percent(decision.goodRefused)],
  ],
)}
<h2>Idade</h2>
<p>A razão compara a aprovação com a do grupo que mais passa; abaixo de 0,80, e além do acaso, ela é desigual. “Das mesmas notas” é a inadimplência de todos com as notas do grupo: acima do que o grupo teve, a nota o toma por pior do que ele é.</p>
${figure('idade')}
${table(
  'Por grupo de idade',
  [
    'idade',
    'pessoas',
    'passam',
    'razão',
    'passam, dos que pagaram',
    'a nota diz',
    'não pagaram',
    'das mesmas notas',
    'desvios',
  ],
  report.fairness.map((group) => [
    group.name,
    group.people,
    percent(group.approvalRate),
    decimal(group.approvalRatio, 2),
    percent(group.goodApproved),
    percent(group.said),
    percent(group.observed),
    percent(group.expectedAtScore),
    decimal(group.distance, 1),
  ]),
)}
${
  stability
    ? `<h2>A outra população</h2>\n${figure('psi')}
${table(
  `PSI em ${stability.people} pessoas (até 0,1 estável, de 0,25 outra população)`,
  ['medida', 'PSI', 'por acaso até'],
  [{ ...stability, codigo: 'nota' }, ...stability.factors].map(({ codigo, index, byChance }) => [
    codigo,
    decimal(index),
    decimal(byChance),
  ]),
)}`
    : ''
}
</main></body></html>
`;
}
