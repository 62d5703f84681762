import { type Cpf, readCpf } from '@pessoa/domain/cpf';
import { readCsvRecord } from './csv-record.ts';

/** A CPF in its two forms, and not a part of a longer number. */
const CPFS = /(?<![\d.])(?:\d{11}|\d{3}\.\d{3}\.\d{3}-\d{2})(?!\d)/g;

/** The CPFs of the text of a statement: nobody's statement of ours has one. */
export const peopleOfText = (text: string): Set<Cpf> =>
  new Set([...text.matchAll(CPFS)].flatMap(([digits]) => readCpf(digits) ?? []));

/**
 * The CPFs that a statement binds: as a parameter of its own, or as an element of an array in the text form of PostgreSQL. A CPF within
 * another text, such as JSON, does not count.
 *
 * @param parameters as pgaudit writes them: CSV, in the order of the statement
 * @returns undefined when they cannot be read
 */
export function peopleOfParameters(parameters: string): Set<Cpf> | undefined {
  if (parameters === '<none>') return new Set();
  const values = readCsvRecord(parameters);
  return values && new Set(values.flatMap(elementsOf).flatMap((element) => readCpf(element) ?? []));
}

/** Numbers need no quotes in an array, and blanks that pad a `char(n)` get them. */
const elementsOf = (value: string): string[] =>
  value.startsWith('{') && value.endsWith('}')
    ? value.slice(1, -1).split(',').map((element) => element.replaceAll(/[{}"]/g, '').trim()) // prettier-ignore
    : [value.trim()];
