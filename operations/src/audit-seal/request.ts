import { type Clock, type Data, readData, today } from '@pessoa/domain/data';
import { lastSealDay } from '@pessoa/service/identity/seal';
import { readArguments, UsageError } from '@pessoa/service/processes/command-line';

export const command = {
  name: 'npm run --silent audit:seal',
  about:
    'Lifts the seal of the reads that a client made under a reference, or gives it another end. The decision is a record of the audit itself.',
  options: {
    client: { type: 'string', value: 'ID', about: 'the client whose reads they are' },
    reference: { type: 'string', value: 'NR', about: 'the number of the lawsuit, or the id of the investigation, as in the claim sigilo' }, // prettier-ignore
    lift: { type: 'boolean', default: false, about: 'ends the seal now, for good' },
    until: { type: 'string', value: 'AAAA-MM-DD', about: 'the last day of the seal, at most a year ahead' },
  },
  notes: [
    'AUDIT_TOKEN, or AUDIT_TOKEN_FILE, has the token, with the scope auditoria:sigilo: docs/audit.md',
    'the decision is about the reads made so far: a later one has the seal of its own token',
  ],
} as const;

/** What is to be decided. */
export interface SealRequest {
  readonly clientId: string;
  readonly referencia: string;
  /** The last day of the seal; undefined: it ends now. */
  readonly lastDay: Data | undefined;
}

/** @throws UsageError */
export function readRequest(args: readonly string[], clock: Clock): SealRequest {
  const { client = '', reference = '', lift, until } = readArguments(command, args).values;
  if (client === '' || reference === '') throw new UsageError('name --client and --reference');
  if (lift === (until !== undefined)) throw new UsageError('name either --lift or --until');
  if (until === undefined) return { clientId: client, referencia: reference, lastDay: undefined };
  const lastDay = readData(until);
  if (lastDay === undefined || lastDay < today(clock) || lastDay > lastSealDay(clock))
    throw new UsageError('--until is a day AAAA-MM-DD, from today to the same day a year later');
  return { clientId: client, referencia: reference, lastDay };
}
