import type { Cpf } from '@pessoa/domain/cpf';
import { readCpf } from '@pessoa/domain/cpf';
import { type Clock, type Data, dayInSaoPaulo, readData, today } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import { type Finalidade, isFinalidade } from '@pessoa/domain/finalidade';
import { InvalidTokenError } from 'graphql-jwt-guard';

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
  readonly finalidade: unknown;
  /** Set on a person's own token: it reads this CPF and no other. */
  readonly titular: Cpf | undefined;
  readonly consentimentos: ReadonlyMap<string, Consentimento>;
  readonly ordemJudicial: string | undefined;
}

/** An identity with the purpose of the request at hand. */
export interface Viewer extends Omit<Identity, 'finalidade'> {
  readonly finalidade: Finalidade;
}

const CONSENTS_MAX = 100;

/** Reads our claims (design.md section 4). @throws InvalidTokenError when one of them is malformed */
export function identityFromClaims(claims: Readonly<Record<string, unknown>>): Identity {
  const { sub, client_id, scope = '', cpf, consentimento, ordem_judicial } = claims;
  if (typeof sub !== 'string' || typeof client_id !== 'string' || client_id === '')
    fail('sub and client_id are required');
  if (typeof scope !== 'string') fail('scope is not a text');
  if (ordem_judicial !== undefined && typeof ordem_judicial !== 'string') fail('ordem_judicial is not a text');
  const titular = cpf === undefined ? undefined : (readCpf(cpf) ?? fail('cpf is not valid'));
  return {
    sujeito: sub,
    clientId: client_id,
    scopes: new Set(scope.split(' ').filter((one) => one !== '')),
    finalidade: claims['finalidade'],
    titular,
    consentimentos: new Map(readConsents(consentimento).map((one) => [one.cpf, one])),
    ordemJudicial: ordem_judicial,
  };
}

function fail(reason: string): never {
  throw new InvalidTokenError(reason);
}

function readConsents(claim: unknown): Consentimento[] {
  if (claim === undefined) return [];
  const list = Array.isArray(claim) ? claim : [claim];
  if (list.length > CONSENTS_MAX) fail('more than 100 consents');
  return list.map((one: { id?: unknown; cpf?: unknown; ate?: unknown } | null) => {
    const cpf = readCpf(one?.cpf);
    const ate = readData(one?.ate) ?? dayOfNumericDate(one?.ate);
    if (typeof one?.id !== 'string' || !cpf || !ate) return fail('a consent is malformed');
    return { id: one.id, cpf, ate };
  });
}

const dayOfNumericDate = (value: unknown): Data | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) ? dayInSaoPaulo(new Date(value * 1_000)) : undefined;

/**
 * Adds the purpose: the claim, or the header `x-finalidade` when there is no claim.
 * @throws PublicError FINALIDADE_AUSENTE when there is none, it is not of the list, or a third party says it is the holder
 */
export function viewerOf({ finalidade: claim, ...identity }: Identity, header: string | undefined): Viewer {
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
