import type { Cpf } from '@pessoa/domain/cpf';
import { type Clock, type Data, today } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import { type Finalidade, finalidades, isFinalidade } from '@pessoa/domain/finalidade';
import type { NumeroProcesso } from '@pessoa/domain/processo';
import { sealOf, type SealRules, type Sigilo } from './seal.ts';

/** The consent of a holder, with its last day. */
export interface Consentimento {
  readonly id: string;
  readonly cpf: Cpf;
  readonly ate: Data;
}

/** The claims of a verified token. */
export interface Identity {
  readonly sujeito: string;
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
  readonly finalidade: string | undefined;
  /** The CPF of the holder, in a token of the holder. Such a token reads this CPF alone. */
  readonly titular: Cpf | undefined;
  /** One consent for each CPF: the one that ends last. */
  readonly consentimentos: ReadonlyMap<Cpf, Consentimento>;
  readonly ordemJudicial: NumeroProcesso | undefined;
  /** The seal that the token asks for, with its last day. */
  readonly sigilo: { readonly referencia: string; readonly ate: Data } | undefined;
}

/** An identity, and the purpose of a request. */
export interface Viewer extends Omit<Identity, 'finalidade' | 'sigilo'> {
  readonly finalidade: Finalidade;
  /** The seal of what the request reads. */
  readonly sigilo: Sigilo | undefined;
}

const UNKNOWN_PURPOSE = `\`x-finalidade\` is one of ${finalidades.join(', ')}.`;

/**
 * Adds the purpose: the claim, or the header `x-finalidade` when there is no claim. Checks the seal, which depends on it.
 *
 * @param rules `checked`: who passed the request on has checked its seal
 * @throws PublicError BAD_USER_INPUT when the header is not in the list, even beside a claim; FINALIDADE_AUSENTE when there
 *   is no purpose, the claim is not in the list, or a third party claims CONSULTA_DO_TITULAR; SIGILO_INADMISSIVEL
 */
export function viewerOf(
  { finalidade: claim, ...identity }: Identity,
  header: string | undefined,
  rules: SealRules | 'checked',
): Viewer {
  if (header !== undefined && !isFinalidade(header))
    throw new PublicError('BAD_USER_INPUT', { detail: UNKNOWN_PURPOSE });
  const finalidade = claim ?? header;
  if (!isFinalidade(finalidade)) throw new PublicError('FINALIDADE_AUSENTE');
  if (finalidade === 'CONSULTA_DO_TITULAR' && !identity.titular) throw new PublicError('FINALIDADE_AUSENTE');
  return { ...identity, finalidade, sigilo: sealOf(identity, finalidade, rules) };
}

/** The consent in force today for this person; undefined without one. */
export function liveConsent(viewer: Viewer, cpf: Cpf, clock: Clock): Consentimento | undefined {
  const consent = viewer.consentimentos.get(cpf);
  return consent && consent.ate >= today(clock) ? consent : undefined;
}

/** What the rules of a viewer depend on beside the token. */
export interface ViewerRules {
  readonly clock: Clock;
  /** Clients that may read bank data by a court's order. */
  readonly courtOrderClients: ReadonlySet<string>;
}

/**
 * The policy `consentimento`: the viewer is the holder, or has a consent in force or a court order. A court order counts
 * for the purpose ORDEM_JUDICIAL and only from clients that are configured for it.
 */
export function mayReadBankData(viewer: Viewer, cpf: Cpf, rules: ViewerRules): boolean {
  if (viewer.titular !== undefined) return viewer.titular === cpf;
  return liveConsent(viewer, cpf, rules.clock) !== undefined || hasCourtOrder(viewer, rules);
}

/** Whether `mayReadBankData` holds for some person. It depends on the token alone. */
export const mayReadSomeBankData = (viewer: Viewer, rules: ViewerRules): boolean =>
  viewer.titular !== undefined ||
  lastConsentDay(viewer.consentimentos) >= today(rules.clock) ||
  hasCourtOrder(viewer, rules);

/** By the consents of a token, which all its requests share. */
const lastConsentDays = new WeakMap<Viewer['consentimentos'], string>();

/** The last day on which some consent is in force; '' without any consent. */
function lastConsentDay(consents: Viewer['consentimentos']): string {
  let lastDay = lastConsentDays.get(consents);
  if (lastDay === undefined) {
    lastDay = consents.values().reduce((last, { ate }) => (ate > last ? ate : last), '');
    lastConsentDays.set(consents, lastDay);
  }
  return lastDay;
}

const hasCourtOrder = (viewer: Viewer, { courtOrderClients }: ViewerRules): boolean =>
  viewer.finalidade === 'ORDEM_JUDICIAL' &&
  viewer.ordemJudicial !== undefined &&
  courtOrderClients.has(viewer.clientId);

/** A holder's token reads the CPF of that holder alone. Any other token may ask for every person. */
export const mayReadPerson = (viewer: Viewer, cpf: Cpf): boolean =>
  viewer.titular === undefined || viewer.titular === cpf;
