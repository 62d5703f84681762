/** A decision on the seal of reads that were made before it: those of one client under one reference. */
export interface SealDecision {
  readonly clientId: string;
  /** As in the claim `sigilo`. */
  readonly referencia: string;
  readonly decidedAt: Date;
  /** The end of the seal: the instant of the decision when it lifts the seal. */
  readonly endsAt: Date;
}

/** The operation of the record of a decision. The trigger of `transparency.seal_decision` has the same word. */
export const SEAL_OPERATION = 'Sigilo';

/** The most time that a decision gives a seal: a year of 366 days whose last day counts whole. The constraint of the table is the same. */
const LONGEST_MILLIS = 367 * 86_400_000;

/** The `campos` of the record of a decision: reference, end and client, in the characters that `campos` takes. The trigger compares them. */
export const decisionFields = ({ clientId, referencia, endsAt }: Omit<SealDecision, 'decidedAt'>): string[] => [
  referencia,
  endsAt.toISOString().replaceAll(/[-:]/g, ''),
  Buffer.from(clientId, 'utf8').toString('hex'),
];

/** A record of the audit, as far as it says whether a decision was made. */
export interface DecidingRecord {
  readonly servico: string;
  readonly operacao: string;
  readonly resultado: string;
  readonly campos: readonly string[];
  readonly dataHora: Date;
}

/** Whether a record is that of a decision. */
export const isDecisionRecord = ({ servico, operacao }: Pick<DecidingRecord, 'servico' | 'operacao'>): boolean =>
  servico === 'auditoria' && operacao === SEAL_OPERATION;

/** Whether a record says that this decision was made, and the decision may be made at all. */
export function isRecordOf(record: DecidingRecord, decision: SealDecision): boolean {
  const { decidedAt, endsAt } = decision;
  const lasts = endsAt.getTime() - decidedAt.getTime();
  const fields = decisionFields(decision);
  return (
    isDecisionRecord(record) &&
    record.resultado === 'ATENDIDO' &&
    record.dataHora.getTime() === decidedAt.getTime() &&
    record.campos.length === fields.length &&
    fields.every((field, at) => field === record.campos[at]) &&
    lasts >= 0 &&
    lasts <= LONGEST_MILLIS
  );
}
