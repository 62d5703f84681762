import type { FlatRecord } from '@pessoa/transparency-log/records/canonical-record';
import type { AnsweredRead } from './answered-person.ts';
import type { AnsweredRecord } from './answered-records.ts';
import { isSealed } from './chained-record.ts';

/** One line for a person: the place of a record, and what the read was that it is about. */
export const describeRecord = ({ index, record }: AnsweredRecord): string => `place ${index}: ${contentOf(record)}`;

/** One line for the holder: the number of a read, and what it was, as far as it is shown. */
export const describeRead = ({ number, content, hiddenAs }: AnsweredRead): string =>
  `read ${number}: ${content ? `clientId ${written(content.record['clientId'])}, ${contentOf(content.record)}` : reasons[hiddenAs ?? 'none']}`;

const reasons = {
  EM_SIGILO: 'it is under seal',
  ELIMINADO: 'its content was erased',
  REMOVIDO: 'its record was removed',
  none: 'its content is not shown',
} as const;

function contentOf(record: FlatRecord): string {
  const { dataHora, finalidade, campos, sigiloReferencia, sigiloAte } = record;
  const seal = isSealed(record) ? `, sigilo ${written(sigiloReferencia)} ate ${written(sigiloAte)}` : '';
  return `dataHora ${written(dataHora)}, finalidade ${written(finalidade)}, campos ${written(campos)}${seal}`;
}

const PLAIN_TEXT = /^[\w.:+-]+$/;

/** Whoever wrote the record chose its texts: one that is no plain word is printed as JSON in ASCII, so that it cannot pass for more. */
function written(value: unknown): string {
  if (Array.isArray(value) && value.length > 0) return value.map(written).join(' ');
  if (typeof value === 'string' && PLAIN_TEXT.test(value)) return value;
  return value === undefined ? '(none)' : JSON.stringify(value).replace(/[^ -~]/g, escaped);
}

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
