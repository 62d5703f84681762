import type { Data } from '@pessoa/domain/data';
import { INCOME_MIN_CENTAVOS_A_MONTH, tiposDeBem } from './measures.ts';
import type { CodigoFator, Faixa, Fator, Modelo, Versao } from './modelo.ts';
import { permittedFields, type RawPerfil } from './permitted-perfil.ts';
import { paymentsPerYear } from './renda-mensal.ts';
import { probabilidadeInadimplenciaOf } from './scale.ts';
import { scorePerfil } from './score-perfil.ts';
import { ranges } from './simulation.ts';

type Row = readonly (string | number | bigint)[];

/** A Markdown table, padded as prettier pads it: otherwise formatting would change the generated file. */
function table(...rows: Row[]): string {
  const cells = rows.map((row) => row.map(String));
  const widths = cells[0]!.map((_, column) => Math.max(3, ...cells.map((row) => row[column]!.length)));
  const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(cells[0]!), line(widths.map((width) => '-'.repeat(width))), ...cells.slice(1).map(line)].join('\n');
}

const asCode = (text: string): string => `\`${text}\``;
const asCodes = (texts: readonly string[]): string => texts.map(asCode).join(', ');

const measureTexts: Record<CodigoFator, string> = {
  RENDA_MENSAL:
    'Every readable income: amount times payments a year. The model sums the year over all incomes, divides it by 12 once and rounds down to the centavo.',
  ESTABILIDADE: `Completed months since \`desde\`, in the group \`comprovada\` or \`declarada\`. An income counts from ${INCOME_MIN_CENTAVOS_A_MONTH} centavos a month. Of several incomes, the one whose bin has the most points counts.`,
  PATRIMONIO_LIQUIDO:
    'For every asset with a value: (`valorEstimadoCentavos` less `saldoDevedorCentavos`) times `percentualPropriedade`. The model sums this, divides it by 100 once and rounds down to the centavo. A missing balance is 0; a missing share is 100.',
  DIVERSIDADE_DE_BENS: `How many different types the assets have, among ${asCodes(tiposDeBem)}.`,
  ENDERECO:
    'Completed months since the day in São Paulo of `atualizadoEm`, in the group `completo` (street, number and a CEP of eight digits are there) or `incompleto` (one or two of them).',
  IDADE: 'Completed years since `nascimento`.',
};

const factorTable = (fator: Fator): string => {
  const row = ({ group, from, faixaDoValor, woe, pontos }: Faixa): Row => [
    group ?? '-',
    from ?? 'no bound',
    faixaDoValor,
    woe,
    pontos,
  ];
  return [
    `### ${asCode(fator.codigo)}: ${fator.nome}`,
    measureTexts[fator.codigo],
    `Unit: ${fator.unit}. Beta: ${fator.beta}.`,
    table(['group', 'from', 'faixaDoValor', 'woe', 'pontos'], ...fator.faixas.map(row), [
      '-',
      'missing',
      'SEM_INFORMACAO',
      fator.missingBin.woe,
      fator.missingBin.pontos,
    ]),
    `- Reason: ${fator.motivo}\n- Reason when missing: ${fator.missingMotivo}`,
  ].join('\n\n');
};

const bandTable = (modelo: Modelo): string =>
  table(
    ['faixa', 'from', 'to', 'chance of default at its lowest score'],
    ...modelo.faixas.map(({ faixa, from }, index) => [
      faixa,
      from,
      (modelo.faixas[index + 1]?.from ?? 1001) - 1,
      probabilidadeInadimplenciaOf(modelo, from),
    ]),
  );

const EXAMPLE_DAY = '2026-06-30' as Data;
const example: RawPerfil = {
  nascimento: '1990-06-30' as Data,
  bens: [{ tipo: 'VEICULO', valorEstimadoCentavos: 48_000_00n, saldoDevedorCentavos: 20_500_00n }],
  fontesDeRenda: [
    {
      tipo: 'SALARIO',
      valorCentavos: 4_200_00n,
      periodicidade: 'MENSAL',
      desde: '2023-06-30' as Data,
      comprovada: true,
    },
    { tipo: 'AUTONOMO', valorCentavos: 6_000_00n, periodicidade: 'ANUAL', comprovada: false },
  ],
};

const rangeOf = ({ from, to }: { from: number; to: number }): string => `${from} to ${to}`;

/** The changes of a simulation, by the factor whose measure they replace. */
const CHANGES: readonly (readonly [changes: readonly string[], factor: CodigoFator, range: string])[] = [
  [['rendaMensal'], 'RENDA_MENSAL', 'an amount, not negative'],
  [['mesesNaFonteDeRenda', 'rendaComprovada'], 'ESTABILIDADE', `${rangeOf(ranges.mesesNaFonteDeRenda)} months; both together`], // prettier-ignore
  [['patrimonioLiquido'], 'PATRIMONIO_LIQUIDO', 'any amount'],
  [['tiposDeBem'], 'DIVERSIDADE_DE_BENS', rangeOf(ranges.tiposDeBem)],
  [['mesesDesdeConfirmacaoDoEndereco', 'enderecoCompleto'], 'ENDERECO', `${rangeOf(ranges.mesesDesdeConfirmacaoDoEndereco)} months; both together`], // prettier-ignore
];

const hasFator = ({ fatores }: Modelo, codigo: CodigoFator): boolean =>
  fatores.some((fator) => fator.codigo === codigo);

const changeTable = (modelo: Modelo): string =>
  table(
    ['change', 'factor', 'range'],
    ...CHANGES.map(([changes, codigo, range]): Row => [
      asCodes(changes),
      hasFator(modelo, codigo) ? asCode(codigo) : 'none: it changes nothing',
      range,
    ]),
  );

function workedExample(modelo: Modelo): string {
  const score = scorePerfil(modelo, example, EXAMPLE_DAY);
  return [
    'On 2026-06-30: born on 1990-06-30; no address; a car of R$ 48.000,00 with R$ 20.500,00 still owed; a proved salary of R$ 4.200,00 a month since 2023-06-30; R$ 6.000,00 a year declared without a date.',
    table(
      ['fator', 'faixaDoValor', 'pontos', 'pontosMaximos', 'lost'],
      ['pontosBase', '', score.pontosBase, '', ''],
      ...score.fatores.map(({ codigo, faixaDoValor, pontos, pontosMaximos }) => [
        codigo,
        faixaDoValor,
        pontos,
        pontosMaximos,
        pontosMaximos - pontos,
      ]),
      ['sum', '', score.valorAntesDoLimite, '', ''],
    ),
    `Score ${score.valor}, band ${score.faixa}, chance of default ${score.probabilidadeInadimplencia}. Reasons, in order: ${asCodes(score.motivos.map(({ codigo }) => codigo))}.`,
  ].join('\n\n');
}

/** The page of a version, from the project's root. */
export const pageOf = (version: Versao): string =>
  version === 'pessoa-2026.1' ? 'docs/score-model.md' : `docs/score-model-${version.replace('pessoa-', '')}.md`;

/** The decision that has the reasons of a version, and its page. */
const reasonsOf: Readonly<Record<Versao, readonly [number: string, file: string]>> = {
  'pessoa-2026.1': ['0007', '0007-score-formula.md'],
  'pessoa-2026.2': ['0040', '0040-pessoa-2026-2.md'],
};

/** The fields that points depend on: without the birth date if age is no factor, and without types of assets if their number is none. */
export const fieldsReadBy = (modelo: Modelo): Record<keyof typeof permittedFields, readonly string[]> => ({
  ...permittedFields,
  titular: permittedFields.titular.filter((field) => field !== 'nascimento' || hasFator(modelo, 'IDADE')),
  bem: permittedFields.bem.filter((field) => field !== 'tipo' || hasFator(modelo, 'DIVERSIDADE_DE_BENS')),
});

/** The fields that no point of a version depends on, and that have to be readable all the same. */
const checkedOnly = (modelo: Modelo): string[] =>
  Object.entries(permittedFields).flatMap(([of, fields]) =>
    fields
      .filter((field) => !fieldsReadBy(modelo)[of as keyof typeof permittedFields].includes(field))
      .map((field) => `${of}.${field}`),
  );

/** What the service refuses, which no version decides. */
const refusalText = (modelo: Modelo): string => {
  const checked = checkedOnly(modelo);
  const also = checked.length === 0 ? '' : ` That holds in every version, so also for ${checked.map(asCode).join(' and ')}, on which no point of this version depends.`; // prettier-ignore
  return `If Base B has an unreadable value of this kind, the service does not score the profile: that is FONTE_INVALIDA, not a lower score.${also} A readable value that cannot count yet, such as an income that begins after today, is missing.`;
};

/** The text of the page of a version in docs/: the whole model, enough to compute any score by hand. */
export function scoreModelDocument(modelo: Modelo): string {
  const [decision, file] = reasonsOf[modelo.version];
  const { version, pontosBase, scale, populationOdds } = modelo;
  return `${[
    `# Score model ${asCode(version)}`,
    `Generated from \`subgraphs/score/src/modelo\` by \`npm run generate\`; do not edit. The reasons are in [decision ${decision}](decisions/${file}); [the model card](model-card.md) has its limits.`,
    '## The score',
    `The score is ${pontosBase} base points plus the points of one bin of each factor, limited to 0..1000. Higher is better.`,
    `Scale: ${scale.pontos} points at ${scale.odds} good to 1 bad; every ${scale.pointsPerDoubling} points double the odds. The base points are the score at the odds that we assume for the population, ${populationOdds}:1. The points of a bin are ${scale.pointsPerDoubling} / ln 2 times beta times its weight of evidence (woe), rounded to an integer. The chance of default is 1 / (1 + odds) at the limited score. An expert set the weights; they are not calibrated on data of our own.`,
    bandTable(modelo),
    'The reasons are the points that each factor lost against its best bin: those above 0, most first, ties by code, at most four.',
    '## What the model reads',
    `Points depend only on these fields (Lei 12.414 art. 7-A). The model reads only whether \`logradouro\`, \`numero\` and \`cep\` are there.`,
    table(
      ['of', 'fields'],
      ...Object.entries(fieldsReadBy(modelo)).map(([of, fields]): Row => [asCode(of), asCodes(fields)]),
    ),
    '## What counts as missing',
    [
      '- a field that is absent, null or not of its type; a blank text',
      '- a day that does not exist, is after the day of the score, or lies 130 years or more before it',
      '- an amount below 0 or above 99999999999999999 centavos',
      '- a share that is not an integer from 1 to 100; a period or a type of asset that is not in the contract',
    ].join('\n'),
    'The model leaves out an income without a readable amount and period, and an asset without a readable value, balance and share. A factor without any data has the bin `SEM_INFORMACAO`.',
    refusalText(modelo),
    '## Payments a year',
    table(['periodicidade', 'payments'], ...paymentsPerYear),
    '## Factors',
    'A bin goes from `from`, included, to the next bin of its group.',
    ...modelo.fatores.map(factorTable),
    '## What would change it',
    '`score { simular(mudancas: …) }` computes the same score with other measures of some factors ([decision 0039](decisions/0039-simulated-scores.md)). A factor that no change names stays as it is.',
    changeTable(modelo),
    'A changed factor has the stated measure alone.',
    '## Example',
    workedExample(modelo),
  ].join('\n\n')}\n`;
}
