import { PublicError } from '@pessoa/domain/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InvalidTokenError, KeysUnavailableError, type TokenVerifier } from 'graphql-jwt-guard/token';
import type { ReadRequestProof } from './request-proofs.ts';
import type { SealRules } from './seal.ts';
import { type Identity, type Viewer, viewerOf } from './viewer.ts';
import { checkHeaders, isHeaderRepeated } from '../http/request-faults.ts';
import type { RequestFacts } from '../http/request-facts.ts';

/** Admits or refuses a request whose client is known. */
export type AdmitRequest = (facts: RequestFacts, clientId: string) => Promise<void>;

type Verifier = Pick<TokenVerifier<Identity>, 'verify' | 'verifyCached'>;

export type Authenticate = (request: FastifyRequest, reply: FastifyReply) => Promise<Viewer>;

/**
 * Checks the token of a request and the proof of a token that is bound to a key, then whether its client may send more, then
 * the other headers, the purpose and the seal.
 *
 * The promise rejects with a PublicError: UNAUTHENTICATED (with the header `WWW-Authenticate`), FONTE_INDISPONIVEL when the
 * keys of the issuer cannot be read, FINALIDADE_AUSENTE, SIGILO_INADMISSIVEL, or an error of `admit` or `checkHeaders`.
 *
 * @param sealRules `checked` where nobody is read
 * @param admit default: every client may send as much as it wants
 */
export function authenticator(
  verifier: Verifier,
  proofOf: ReadRequestProof,
  sealRules: SealRules | 'checked',
  admit?: AdmitRequest,
): Authenticate {
  return async (request, reply) => {
    const identity = await verifyRequest(verifier, proofOf, request, reply);
    request.facts.identity = identity;
    request.facts.trace?.begin('client');
    await admit?.(request.facts, identity.clientId);
    checkHeaders(request);
    const header = request.headers['x-finalidade'];
    return viewerOf(identity, typeof header === 'string' ? header : undefined, sealRules);
  };
}

async function verifyRequest(
  verifier: Verifier,
  proofOf: ReadRequestProof,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Identity> {
  try {
    const { authorization } = request.headers;
    if (isHeaderRepeated(request.raw.rawHeaders, 'authorization'))
      throw toRefusal(new InvalidTokenError('more than one Authorization header'));
    return await verifyToken(verifier, authorization, () => proofOf(request));
  } catch (error) {
    const { cause } = error as Error;
    if (cause instanceof InvalidTokenError) {
      request.facts.motivo = cause.reason;
      reply.header('www-authenticate', cause.wwwAuthenticate);
    }
    throw error;
  }
}

/** @throws PublicError UNAUTHENTICATED, whose cause is an InvalidTokenError; FONTE_INDISPONIVEL when the keys of the issuer cannot be read */
export async function verifyToken(
  verifier: Verifier,
  authorization: string | undefined,
  proofOf: () => ReturnType<ReadRequestProof>,
): Promise<Identity> {
  try {
    return verifier.verifyCached(authorization) ?? (await verifier.verify(authorization, proofOf()));
  } catch (error) {
    throw toRefusal(error);
  }
}

function toRefusal(cause: unknown): unknown {
  if (cause instanceof KeysUnavailableError) return new PublicError('FONTE_INDISPONIVEL', { cause });
  return cause instanceof InvalidTokenError ? new PublicError('UNAUTHENTICATED', { cause }) : cause;
}
