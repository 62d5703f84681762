/**
 * The classes of the audit's records, each with its term. AUTORIZACAO: reads by a consent or a court order, kept for fifteen years (Decreto
 * 9.936/2019 art. 10). CONSULTA: all other reads, kept as long as the operator chooses, at least six months. The
 * record of an erasure or of a decision on a seal has no class, and stays for ever. The triggers of the audit have the same classes (`transparency.retention_class`), and refuse to erase before the least term.
 */
export const retentionClasses = ['CONSULTA', 'AUTORIZACAO'] as const;
export type RetentionClass = (typeof retentionClasses)[number];

/** The least term of each class, in months. */
export const leastTerms: Readonly<Record<RetentionClass, number>> = { CONSULTA: 6, AUTORIZACAO: 180 };

/** The operation of the record of an erasure. */
export const ERASURE_OPERATION = 'Eliminacao';

/** Records of one class that were made before a day, `AAAA-MM-DD` in UTC. The record of an erasure has both in `campos`. */
export interface PastTerm {
  readonly retentionClass: RetentionClass;
  readonly before: string;
}

/**
 * The first day that is still kept, `AAAA-MM-DD` in UTC: the day of an instant, so many months before. A month without that day counts
 * with its last one, as PostgreSQL has it.
 */
export function firstKeptDay(instant: Date, months: number): string {
  const month = instant.getUTCFullYear() * 12 + instant.getUTCMonth() - months;
  const [year, monthOfYear] = [Math.floor(month / 12), month % 12];
  const lastDay = new Date(Date.UTC(year, monthOfYear + 1, 0)).getUTCDate();
  const day = Math.min(instant.getUTCDate(), lastDay);
  return new Date(Date.UTC(year, monthOfYear, day)).toISOString().slice(0, 10);
}

const isRetentionClass = (text: string | undefined): text is RetentionClass =>
  (retentionClasses as readonly (string | undefined)[]).includes(text);

/** What the record of an erasure erases. @returns undefined when it is none, or names a day before the least term has ended */
export function pastTermOf(record: {
  readonly servico: string;
  readonly operacao: string;
  readonly resultado: string;
  readonly campos: readonly string[];
  readonly dataHora: Date;
}): PastTerm | undefined {
  const { servico, operacao, resultado, dataHora } = record;
  const [retentionClass, before, ...others] = record.campos;
  if (servico !== 'auditoria' || operacao !== ERASURE_OPERATION || resultado !== 'ATENDIDO') return undefined;
  if (!isRetentionClass(retentionClass) || before === undefined || others.length > 0) return undefined;
  const isDay = /^\d{4}-\d\d-\d\d$/.test(before);
  return isDay && before <= firstKeptDay(dataHora, leastTerms[retentionClass]) ? { retentionClass, before } : undefined;
}
