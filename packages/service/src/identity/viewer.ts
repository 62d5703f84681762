import type { Cpf } from '@pessoa/domain/cpf';
import { type Clock, type Data, today } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import { type Finalidade, finalidades, isFinalidade } from '@pessoa/domain/finalidade';
import type { NumeroProcesso } from '@pessoa/domain/processo';

/** The holder's permission for one CPF, with its last day. */
export interface Consentimento {
  readonly id: string;
  readonly cpf: Cpf;
  readonly ate: Data;
}

/** What a verified token says of its bearer. */
export interface Identity {
  readonly sujeito: string;
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
  readonly finalidade: string | undefined;
  /** Set on a person's own token: it reads this CPF and no other. */
  readonly titular: Cpf | undefined;
  /** Of several for one CPF the one that lasts longest. */
  readonly consentimentos: ReadonlyMap<Cpf, Consentimento>;
  readonly ordemJudicial: NumeroProcesso | undefined;
}

/** An identity with the purpose of the request at hand. */
export interface Viewer extends Omit<Identity, 'finalidade'> {
  readonly finalidade: Finalidade;
}

const NOT_OF_THE_LIST = `\`x-finalidade\` is one of ${finalidades.join(', ')}.`;

/**
 * Adds the purpose: the claim, or the header `x-finalidade` when there is no claim.
 * @throws PublicError BAD_USER_INPUT for a header that is not of the list, even beside a claim; FINALIDADE_AUSENTE when
 *   there is no purpose, the claim is not of the list, or a third party says it is the holder
 */
export function viewerOf({ finalidade: claim, ...identity }: Identity, header: string | undefined): Viewer {
  if (header !== undefined && !isFinalidade(header))
    throw new PublicError('BAD_USER_INPUT', { detail: NOT_OF_THE_LIST });
  const finalidade = claim ?? header;
  if (!isFinalidade(finalidade)) throw new PublicError('FINALIDADE_AUSENTE');
  if (finalidade === 'CONSULTA_DO_TITULAR' && !identity.titular) throw new PublicError('FINALIDADE_AUSENTE');
  return { ...identity, finalidade };
}

/** The consent that lets this viewer read bank data of this person today, if any. */
export function liveConsent(viewer: Viewer, cpf: Cpf, clock: Clock): Consentimento | undefined {
  const consent = viewer.consentimentos.get(cpf);
  return consent && consent.ate >= today(clock) ? consent : undefined;
}

/**
 * The policy `consentimento` for one person: a live consent, the person themselves, or a court order held by a client
 * that is configured for it.
 */
export function mayReadBankData(
  viewer: Viewer,
  cpf: Cpf,
  rules: { clock: Clock; courtOrderClients: ReadonlySet<string> },
): boolean {
  if (viewer.titular !== undefined) return viewer.titular === cpf;
  if (liveConsent(viewer, cpf, rules.clock)) return true;
  return (
    viewer.finalidade === 'ORDEM_JUDICIAL' &&
    viewer.ordemJudicial !== undefined &&
    rules.courtOrderClients.has(viewer.clientId)
  );
}

/** A holder's token reads its own CPF only; every other token may ask for anybody. */
export const mayReadPerson = (viewer: Viewer, cpf: Cpf): boolean =>
  viewer.titular === undefined || viewer.titular === cpf;
