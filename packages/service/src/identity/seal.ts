import { addDays, addYears, type Clock, type Data, startOfDayInSaoPaulo, today } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import type { Finalidade } from '@pessoa/domain/finalidade';
import { readNumeroProcesso } from '@pessoa/domain/processo';
import type { Identity } from './viewer.ts';

/** The seal of a read: the holder and third parties do not see it before the seal ends. */
export interface Sigilo {
  /** The number of the lawsuit, or the id of the fraud investigation: 1 to 64 characters of `A-Za-z0-9._-`. */
  readonly referencia: string;
  /** The instant at which it ends, at the latest. */
  readonly ate: Date;
}

/** What an admissible seal depends on beside the token. */
export interface SealRules {
  readonly clock: Clock;
  /** The clients that may seal their reads (`SEAL_CLIENTS`). */
  readonly sealClients: ReadonlySet<string>;
}

/** The last day that a seal may have now: the same day a year later. No law names a term, so somebody must look again each year. */
export const lastSealDay = (clock: Clock): Data => addYears(today(clock), 1);

/** The instant at which a seal with this last day ends. */
export const endOfSeal = (day: Data): Date => startOfDayInSaoPaulo(addDays(day, 1));

/**
 * The seal of the reads of a request; undefined when the token has none. What the token asks for and may not have is refused: a read
 * is never answered without the seal that it came with.
 *
 * @param rules `checked`: who passed the request on has checked it, and nobody is read
 * @throws PublicError SIGILO_INADMISSIVEL
 */
export function sealOf(
  { sigilo, titular, clientId, ordemJudicial }: Omit<Identity, 'finalidade'>,
  finalidade: Finalidade,
  rules: SealRules | 'checked',
): Sigilo | undefined {
  if (sigilo === undefined) return undefined;
  const seal = { referencia: sigilo.referencia, ate: endOfSeal(sigilo.ate) };
  if (rules === 'checked') return seal;
  const { clock, sealClients } = rules;
  if (titular !== undefined) throw refused("A holder's token seals nothing.");
  if (finalidade !== 'ORDEM_JUDICIAL' && finalidade !== 'PREVENCAO_FRAUDE')
    throw refused('Reads are sealed for the purposes ORDEM_JUDICIAL and PREVENCAO_FRAUDE alone.');
  if (!sealClients.has(clientId)) throw refused('The operator does not let this client seal its reads.');
  if (sigilo.ate < today(clock)) throw refused('The last day of `sigilo` is over.');
  if (sigilo.ate > lastSealDay(clock)) throw refused('The last day of `sigilo` is more than a year ahead.');
  if (finalidade === 'PREVENCAO_FRAUDE') return seal;
  if (ordemJudicial === undefined || readNumeroProcesso(sigilo.referencia) !== ordemJudicial)
    throw refused('With ORDEM_JUDICIAL, the reference of `sigilo` is the number in `ordem_judicial`.');
  return { ...seal, referencia: ordemJudicial };
}

const refused = (detail: string): PublicError => new PublicError('SIGILO_INADMISSIVEL', { detail });
