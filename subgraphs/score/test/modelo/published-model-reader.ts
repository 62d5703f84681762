import type { RawPerfil } from '../../src/modelo/permitted-perfil.ts';

// A second implementation of the model, which reads docs/score-model.md. It shares no code with src/modelo, only the
// type of the raw profile. It computes in another way, without division and without calendar functions.

interface PrintedBin {
  group: string;
  from: bigint | 'missing' | 'no bound';
  faixaDoValor: string;
  pontos: number;
}

interface PublishedModel {
  pontosBase: number;
  paymentsPerYear: Map<string, bigint>;
  tipos: Set<string>;
  incomeMinCentavos: bigint;
  fatores: Map<string, PrintedBin[]>;
}

export interface PrintedFatorScore {
  faixaDoValor: string;
  pontos: number;
  pontosMaximos: number;
}

const rowsOf = (section: string): string[][] =>
  section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

const sectionOf = (markdown: string, heading: string): string => {
  const [, after] = markdown.split(`\n${heading}`);
  if (after === undefined) throw new Error(`docs/score-model.md has no section ${heading}`);
  return after.split(/\n##/)[0]!;
};

const numberIn = (markdown: string, pattern: RegExp): string => {
  const match = pattern.exec(markdown)?.[1];
  if (match === undefined) throw new Error(`docs/score-model.md does not say ${pattern.source}`);
  return match;
};

export function readPublishedModel(markdown: string): PublishedModel {
  const fatores = new Map<string, PrintedBin[]>();
  for (const [, codigo] of markdown.matchAll(/\n### `([A-Z_]+)`/g)) {
    const rows = rowsOf(sectionOf(markdown, `### \`${codigo!}\``));
    fatores.set(
      codigo!,
      rows.map(([group, from, faixaDoValor, , pontos]) => ({
        group: group!,
        from: from === 'missing' || from === 'no bound' ? from : BigInt(from!),
        faixaDoValor: faixaDoValor!,
        pontos: Number(pontos),
      })),
    );
  }
  const diversidade = fatores.has('DIVERSIDADE_DE_BENS')
    ? sectionOf(markdown, '### `DIVERSIDADE_DE_BENS`').split('Unit:')[0]!.split('among')[1]!
    : '';
  return {
    pontosBase: Number(numberIn(markdown, /The score is (\d+) base points/)),
    paymentsPerYear: new Map(
      rowsOf(sectionOf(markdown, '## Payments a year')).map(([name, times]) => [name!, BigInt(times!)]),
    ),
    tipos: new Set([...diversidade.matchAll(/`([A-Z_]+)`/g)].map(([, tipo]) => tipo!)),
    incomeMinCentavos: BigInt(numberIn(markdown, /An income counts from (\d+) centavos a month/)),
    fatores,
  };
}

/**
 * A day as a number of 32nds of a month. The difference of two days, divided by 32 and rounded down, is the completed
 * months.
 */
const in32ndsOfMonth = (day: string): number => {
  const [year, month, dayOfMonth] = day.split('-').map(Number);
  return (year! * 12 + month!) * 32 + dayOfMonth!;
};

function monthsUntil(day: unknown, hoje: string): number | undefined {
  if (typeof day !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(day)) return undefined;
  const [year, month, dayOfMonth] = day.split('-').map(Number);
  const leap = year! % 4 === 0 && (year! % 100 !== 0 || year! % 400 === 0);
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  if (dayOfMonth! < 1 || dayOfMonth! > (lengths[month! - 1] ?? 0)) return undefined;
  const months = Math.floor((in32ndsOfMonth(hoje) - in32ndsOfMonth(day)) / 32);
  return months < 0 || months >= 130 * 12 ? undefined : months;
}

const isAmount = (value: unknown): value is bigint =>
  typeof value === 'bigint' && !(value < 0n) && !(value > 99999999999999999n);

/** @param isAtLeast tells whether the measure reaches the lower bound of a bin */
const reachedBin = (
  bins: PrintedBin[],
  group: string,
  isAtLeast: (from: bigint) => boolean,
): PrintedBin | undefined => {
  let reached: PrintedBin | undefined;
  for (const bin of bins) {
    if (bin.group !== group || bin.from === 'missing') continue;
    if (bin.from === 'no bound' || isAtLeast(bin.from)) reached = bin;
  }
  return reached;
};

type Reader = (
  bins: PrintedBin[],
  perfil: RawPerfil,
  hoje: string,
  published: PublishedModel,
) => (PrintedBin | undefined)[];

const centavosAYear = (
  renda: RawPerfil['fontesDeRenda'][number],
  { paymentsPerYear }: PublishedModel,
): bigint | undefined => {
  const times = paymentsPerYear.get(renda.periodicidade);
  return times !== undefined && isAmount(renda.valorCentavos) ? renda.valorCentavos * times : undefined;
};

const readers: Record<string, Reader> = {
  RENDA_MENSAL(bins, { fontesDeRenda }, _hoje, published) {
    let year: bigint | undefined;
    for (const renda of fontesDeRenda) {
      const yearly = centavosAYear(renda, published);
      if (yearly !== undefined) year = (year ?? 0n) + yearly;
    }
    return year === undefined ? [] : [reachedBin(bins, '-', (from) => from * 12n <= year)];
  },
  ESTABILIDADE(bins, { fontesDeRenda }, hoje, published) {
    return fontesDeRenda.map((renda) => {
      const yearly = centavosAYear(renda, published);
      const months = monthsUntil(renda.desde, hoje);
      if (yearly === undefined || months === undefined || yearly < published.incomeMinCentavos * 12n) return undefined;
      return reachedBin(bins, renda.comprovada ? 'comprovada' : 'declarada', (from) => Number(from) <= months);
    });
  },
  PATRIMONIO_LIQUIDO(bins, { bens }) {
    let hundredths: bigint | undefined;
    for (const { valorEstimadoCentavos: value, saldoDevedorCentavos, percentualPropriedade } of bens) {
      const balance = saldoDevedorCentavos ?? 0n;
      const share = percentualPropriedade ?? 100;
      if (!isAmount(value) || !isAmount(balance) || ![...Array(100).keys()].includes(share - 1)) continue;
      hundredths = (hundredths ?? 0n) + value * BigInt(share) - balance * BigInt(share);
    }
    return hundredths === undefined ? [] : [reachedBin(bins, '-', (from) => from * 100n <= hundredths)];
  },
  DIVERSIDADE_DE_BENS(bins, { bens }, _hoje, { tipos }) {
    const typeCount = [...tipos].filter((tipo) => bens.some((bem) => bem.tipo === tipo)).length;
    return [reachedBin(bins, '-', (from) => Number(from) <= typeCount)];
  },
  ENDERECO(bins, { endereco }, hoje) {
    const instant = endereco?.atualizadoEm;
    if (!endereco || !instant || !(Math.abs(instant.getTime()) < 8e15)) return [];
    // Brazil is three hours behind UTC, with no summer time since 2019; older confirmations share one bin anyway.
    const months = monthsUntil(new Date(instant.getTime() - 3 * 3_600_000).toISOString().slice(0, 10), hoje);
    const filledParts = [
      /\S/.test(endereco.logradouro ?? ''),
      /\S/.test(endereco.numero ?? ''),
      /^\d{8}$/.test(endereco.cep ?? ''),
    ];
    if (months === undefined || !filledParts.includes(true)) return [];
    return [
      reachedBin(bins, filledParts.includes(false) ? 'incompleto' : 'completo', (from) => Number(from) <= months),
    ];
  },
  IDADE(bins, { nascimento }, hoje) {
    const months = monthsUntil(nascimento, hoje);
    return months === undefined ? [] : [reachedBin(bins, '-', (from) => Number(from) * 12 <= months)];
  },
};

/** For each factor the bin, its points and the points of the best bin, as the printed page gives them. */
export function scoreByPage(
  published: PublishedModel,
  perfil: RawPerfil,
  hoje: string,
): Map<string, PrintedFatorScore> {
  const fatorScores = new Map<string, PrintedFatorScore>();
  for (const [codigo, bins] of published.fatores) {
    const reader = readers[codigo];
    if (!reader)
      throw new Error(`docs/score-model.md has a factor that the second implementation does not know: ${codigo}`);
    let countedBin: PrintedBin | undefined;
    for (const bin of reader(bins, perfil, hoje, published)) {
      if (bin && (!countedBin || bin.pontos > countedBin.pontos)) countedBin = bin;
    }
    const missing = bins.find((bin) => bin.from === 'missing')!;
    const pointsMax = bins.reduce(
      (most, bin) => (bin.from === 'missing' ? most : Math.max(most, bin.pontos)),
      -Infinity,
    );
    const { faixaDoValor, pontos } = countedBin ?? missing;
    fatorScores.set(codigo, { faixaDoValor, pontos, pontosMaximos: pointsMax });
  }
  return fatorScores;
}
