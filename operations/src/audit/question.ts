import { text } from 'node:stream/consumers';
import { type Cpf, readCpf } from '@pessoa/domain/cpf';
import type { Clock } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import { type Finalidade, finalidades } from '@pessoa/domain/finalidade';
import { readArguments, UsageError } from '@pessoa/service/processes/command-line';
import { type Format, formats } from './formats.ts';
import { type Period, readIncident, readPeriod } from './period.ts';

/** What an auditor asks. Of several conditions all hold. */
export interface Question {
  /** The records of the period, or the people whom they are about. */
  readonly asks: 'records' | 'people';
  readonly cpf: Cpf | undefined;
  readonly clientId: string | undefined;
  readonly finalidade: Finalidade | undefined;
  readonly period: Period;
  readonly format: Format;
}

export const command = {
  name: 'npm run --silent audit',
  about:
    'Answers an auditor from the audit: who read a person, when, why, which fields, by which consent. The question goes into the audit itself.',
  options: {
    cpf: { type: 'string', value: 'CPF', about: 'reads of this person; - reads the CPF from standard input' },
    client: { type: 'string', value: 'ID', about: 'reads by this client' },
    purpose: { type: 'string', value: 'FINALIDADE', about: 'reads for this purpose', values: finalidades },
    incident: { type: 'string', value: 'FROM..TO', about: 'who was affected in this time, by a keyed hash; with --client, by that client' }, // prettier-ignore
    from: { type: 'string', value: 'WHEN', about: 'a day of São Paulo (AAAA-MM-DD) or an instant with its offset; default: six months before --to' }, // prettier-ignore
    to: { type: 'string', value: 'WHEN', about: 'the last day, or the instant before which; default: now' },
    format: { type: 'string', value: 'NAME', about: 'default: table', values: formats },
  },
  notes: [
    'AUDIT_TOKEN, or AUDIT_TOKEN_FILE, has the token, with the scope auditoria:read: docs/audit.md',
    'a CPF in the arguments is in the list of processes, in the history of the shell and in the logs of npm: --cpf - is in none of them',
    'the column indice, the place in the log, needs a role that may read transparency.leaf',
  ],
} as const;

/**
 * @param input has the CPF of `--cpf -`
 * @throws UsageError
 * @throws PublicError CPF_INVALIDO
 */
export async function readQuestion(
  args: readonly string[],
  input: NodeJS.ReadableStream,
  clock: Clock,
): Promise<Question> {
  const { cpf, client, purpose, incident, from, to, format = 'table' } = readArguments(command, args).values;
  if ([cpf, client, purpose, incident].every((option) => option === undefined))
    throw new UsageError('name --cpf, --client, --purpose or --incident');
  if (incident !== undefined && [cpf, purpose, from, to].some((option) => option !== undefined))
    throw new UsageError('--incident goes with --client and --format alone');
  if (client === '') throw new UsageError('--client is empty');
  const period = incident === undefined ? readPeriod(from, to, clock.now()) : readIncident(incident, clock.now());
  return {
    asks: incident === undefined ? 'records' : 'people',
    cpf: cpf === undefined ? undefined : readPerson(cpf === '-' ? (await text(input)).trim() : cpf),
    clientId: client,
    finalidade: purpose as Finalidade | undefined,
    period,
    format: format as Format,
  };
}

function readPerson(input: string): Cpf {
  const cpf = readCpf(input);
  if (!cpf) throw new PublicError('CPF_INVALIDO');
  return cpf;
}
