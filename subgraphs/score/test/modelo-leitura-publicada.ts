import type { PerfilBruto } from '../src/modelo/perfil-permitido.ts';

// A second reading of the model, from the printed page alone: written from docs/score-model.md, it shares no code with
// src/modelo (only the type of the raw profile), and does its sums another way, without division or calendar routines.

interface Linha {
  grupo: string;
  de: bigint | 'missing' | 'no bound';
  faixaDoValor: string;
  pontos: number;
}

interface Publicado {
  pontosBase: number;
  pagamentos: Map<string, bigint>;
  tipos: Set<string>;
  rendaMinima: bigint;
  fatores: Map<string, Linha[]>;
}

export interface Leitura {
  faixaDoValor: string;
  pontos: number;
  pontosMaximos: number;
}

const rowsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

const sectionOf = (text: string, heading: string): string => {
  const [, after] = text.split(`\n${heading}`);
  if (after === undefined) throw new Error(`docs/score-model.md has no section ${heading}`);
  return after.split(/\n##/)[0]!;
};

const numberIn = (text: string, pattern: RegExp): string => {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`docs/score-model.md does not say ${pattern.source}`);
  return found;
};

export function lerPublicado(markdown: string): Publicado {
  const fatores = new Map<string, Linha[]>();
  for (const [, codigo] of markdown.matchAll(/\n### `([A-Z_]+)`/g)) {
    const rows = rowsOf(sectionOf(markdown, `### \`${codigo!}\``));
    fatores.set(
      codigo!,
      rows.map(([grupo, de, faixaDoValor, , pontos]) => ({
        grupo: grupo!,
        de: de === 'missing' || de === 'no bound' ? de : BigInt(de!),
        faixaDoValor: faixaDoValor!,
        pontos: Number(pontos),
      })),
    );
  }
  const diversidade = sectionOf(markdown, '### `DIVERSIDADE_DE_BENS`').split('Unit:')[0]!;
  return {
    pontosBase: Number(numberIn(markdown, /The score is (\d+) base points/)),
    pagamentos: new Map(
      rowsOf(sectionOf(markdown, '## Payments a year')).map(([name, times]) => [name!, BigInt(times!)]),
    ),
    tipos: new Set([...diversidade.split('among')[1]!.matchAll(/`([A-Z_]+)`/g)].map(([, tipo]) => tipo!)),
    rendaMinima: BigInt(numberIn(markdown, /An income counts from (\d+) centavos a month/)),
    fatores,
  };
}

/** Year, month and day as one number of 32nds of a month: a floor of the difference is the completed months. */
const trintaEDoisAvos = (day: string): number => {
  const [year, month, dayOfMonth] = day.split('-').map(Number);
  return (year! * 12 + month!) * 32 + dayOfMonth!;
};

function mesesAte(day: unknown, hoje: string): number | undefined {
  if (typeof day !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(day)) return undefined;
  const [year, month, dayOfMonth] = day.split('-').map(Number);
  const leap = year! % 4 === 0 && (year! % 100 !== 0 || year! % 400 === 0);
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  if (dayOfMonth! < 1 || dayOfMonth! > (lengths[month! - 1] ?? 0)) return undefined;
  const months = Math.floor((trintaEDoisAvos(hoje) - trintaEDoisAvos(day)) / 32);
  return months < 0 || months >= 130 * 12 ? undefined : months;
}

const isAmount = (value: unknown): value is bigint =>
  typeof value === 'bigint' && !(value < 0n) && !(value > 99999999999999999n);

/** `isAtLeast(from)` says whether the measure reaches a bin's lower bound. */
const bin = (linhas: Linha[], grupo: string, isAtLeast: (from: bigint) => boolean): Linha | undefined => {
  let reached: Linha | undefined;
  for (const linha of linhas) {
    if (linha.grupo !== grupo || linha.de === 'missing') continue;
    if (linha.de === 'no bound' || isAtLeast(linha.de)) reached = linha;
  }
  return reached;
};

type Reader = (linhas: Linha[], perfil: PerfilBruto, hoje: string, publicado: Publicado) => (Linha | undefined)[];

const perYear = (fonte: PerfilBruto['fontesDeRenda'][number], { pagamentos }: Publicado): bigint | undefined => {
  const times = pagamentos.get(fonte.periodicidade);
  return times !== undefined && isAmount(fonte.valorCentavos) ? fonte.valorCentavos * times : undefined;
};

const readers: Record<string, Reader> = {
  RENDA_MENSAL(linhas, { fontesDeRenda }, _hoje, publicado) {
    let year: bigint | undefined;
    for (const fonte of fontesDeRenda) {
      const paid = perYear(fonte, publicado);
      if (paid !== undefined) year = (year ?? 0n) + paid;
    }
    return year === undefined ? [] : [bin(linhas, '-', (from) => from * 12n <= year)];
  },
  ESTABILIDADE(linhas, { fontesDeRenda }, hoje, publicado) {
    return fontesDeRenda.map((fonte) => {
      const paid = perYear(fonte, publicado);
      const months = mesesAte(fonte.desde, hoje);
      if (paid === undefined || months === undefined || paid < publicado.rendaMinima * 12n) return undefined;
      return bin(linhas, fonte.comprovada ? 'comprovada' : 'declarada', (from) => Number(from) <= months);
    });
  },
  PATRIMONIO_LIQUIDO(linhas, { bens }) {
    let hundredths: bigint | undefined;
    for (const { valorEstimadoCentavos: value, saldoDevedorCentavos, percentualPropriedade } of bens) {
      const owed = saldoDevedorCentavos ?? 0n;
      const share = percentualPropriedade ?? 100;
      if (!isAmount(value) || !isAmount(owed) || ![...Array(100).keys()].includes(share - 1)) continue;
      hundredths = (hundredths ?? 0n) + value * BigInt(share) - owed * BigInt(share);
    }
    return hundredths === undefined ? [] : [bin(linhas, '-', (from) => from * 100n <= hundredths)];
  },
  DIVERSIDADE_DE_BENS(linhas, { bens }, _hoje, { tipos }) {
    const found = [...tipos].filter((tipo) => bens.some((bem) => bem.tipo === tipo)).length;
    return [bin(linhas, '-', (from) => Number(from) <= found)];
  },
  ENDERECO(linhas, { endereco }, hoje) {
    const instant = endereco?.atualizadoEm;
    if (!endereco || !instant || !(Math.abs(instant.getTime()) < 8e15)) return [];
    // Brazil is three hours behind UTC, with no summer time since 2019; older confirmations share one bin anyway.
    const months = mesesAte(new Date(instant.getTime() - 3 * 3_600_000).toISOString().slice(0, 10), hoje);
    const present = [
      /\S/.test(endereco.logradouro ?? ''),
      /\S/.test(endereco.numero ?? ''),
      /^\d{8}$/.test(endereco.cep ?? ''),
    ];
    if (months === undefined || !present.includes(true)) return [];
    return [bin(linhas, present.includes(false) ? 'incompleto' : 'completo', (from) => Number(from) <= months)];
  },
  IDADE(linhas, { nascimento }, hoje) {
    const months = mesesAte(nascimento, hoje);
    return months === undefined ? [] : [bin(linhas, '-', (from) => Number(from) * 12 <= months)];
  },
};

/** Factor by factor, the bin, its points and the best bin's points, as the printed page gives them. */
export function lerNota(publicado: Publicado, perfil: PerfilBruto, hoje: string): Map<string, Leitura> {
  const nota = new Map<string, Leitura>();
  for (const [codigo, linhas] of publicado.fatores) {
    const reader = readers[codigo];
    if (!reader) throw new Error(`docs/score-model.md has a factor that the second reading does not know: ${codigo}`);
    let counted: Linha | undefined;
    for (const linha of reader(linhas, perfil, hoje, publicado)) {
      if (linha && (!counted || linha.pontos > counted.pontos)) counted = linha;
    }
    const missing = linhas.find((linha) => linha.de === 'missing')!;
    const best = linhas.reduce(
      (most, linha) => (linha.de === 'missing' ? most : Math.max(most, linha.pontos)),
      -Infinity,
    );
    const { faixaDoValor, pontos } = counted ?? missing;
    nota.set(codigo, { faixaDoValor, pontos, pontosMaximos: best });
  }
  return nota;
}
