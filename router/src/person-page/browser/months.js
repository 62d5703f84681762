import { centavos, dayOf } from './format.js';

/**
 * Adds postings up by month in São Paulo. Only what has taken effect counts.
 *
 * @param {readonly any[]} postings newest first
 * @param {boolean} isComplete whether there are no older postings than these in the days that were asked for
 * @param {string} from the first of these days, AAAA-MM-DD
 * @returns {{ month: string, entradas: bigint, saidas: bigint, isPartial: boolean }[]} oldest first, without gaps
 */
export function sumByMonth(postings, isComplete, from) {
  /** @type {Map<string, { entradas: bigint, saidas: bigint }>} */
  const sums = new Map();
  for (const posting of postings) {
    if (posting === null || posting.situacao !== 'TRANSACAO_EFETIVADA') continue;
    const month = dayOf(posting.dataHora).slice(0, 7);
    const sum = sums.get(month) ?? { entradas: 0n, saidas: 0n };
    if (posting.natureza === 'CREDITO') sum.entradas += centavos(posting.valor);
    else sum.saidas += centavos(posting.valor);
    sums.set(month, sum);
  }
  const months = [...sums.keys()].toSorted();
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return [];
  const isCut = !isComplete || from > `${first}-01`;
  const all = [];
  for (let month = first; month <= last; month = nextMonth(month)) {
    all.push({
      month,
      ...(sums.get(month) ?? { entradas: 0n, saidas: 0n }),
      isPartial: month === first && isCut,
    });
  }
  return all;
}

/** @param {string} month AAAA-MM */
function nextMonth(month) {
  const [year, number] = month.split('-').map(Number);
  return number === 12 ? `${Number(year) + 1}-01` : `${year}-${String(Number(number) + 1).padStart(2, '0')}`;
}
