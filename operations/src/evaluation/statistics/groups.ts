import { lowest } from './means.ts';

/** A smaller group has no outcome of its own in a report: it would be chance, and might show a person. */
export const GROUP_MIN = 30;

/**
 * Cuts people into groups of nearly equal size by their score, the worst first. People of one score are never parted: so
 * there may be fewer groups.
 *
 * @param count how many groups, at most
 */
export function byScore<Person extends { readonly valor: number }>(
  people: readonly Person[],
  count: number,
): Person[][] {
  const sorted = people.toSorted((a, b) => a.valor - b.valor);
  const groups: Person[][] = [];
  let start = 0;
  for (let part = 1; part <= count; part++) {
    let end = Math.max(Math.round((part * sorted.length) / count), start);
    while (end > start && end < sorted.length && sorted[end]!.valor === sorted[end - 1]!.valor) end++;
    if (end > start) groups.push(sorted.slice(start, end));
    start = end;
  }
  return groups;
}

/** The scores of a group, such as `312–407`. */
export const scoreRange = (group: readonly { readonly valor: number }[]): string =>
  `${lowest(group.map(({ valor }) => valor))}–${-lowest(group.map(({ valor }) => -valor))}`;
