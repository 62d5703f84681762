import type { AnsweredRecord } from './answered-records.ts';

/** One line for a person: the place of a record, and what the read was that it is about. */
export function describeRecord({ index, record }: AnsweredRecord): string {
  const { dataHora, finalidade, campos } = record;
  return `place ${index}: dataHora ${written(dataHora)}, finalidade ${written(finalidade)}, campos ${written(campos)}`;
}

const PLAIN_TEXT = /^[\w.:+-]+$/;

/** Whoever wrote the record chose its texts: one that is no plain word is printed as JSON in ASCII, so that it cannot pass for more. */
function written(value: unknown): string {
  if (Array.isArray(value) && value.length > 0) return value.map(written).join(' ');
  if (typeof value === 'string' && PLAIN_TEXT.test(value)) return value;
  return value === undefined ? '(none)' : JSON.stringify(value).replace(/[^ -~]/g, escaped);
}

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
