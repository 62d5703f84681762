import { PublicError } from '@pessoa/domain/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InvalidTokenError, KeysUnavailableError, type TokenVerifier } from 'graphql-jwt-guard';
import type { ReadRequestProof } from './request-proofs.ts';
import { type Identity, type Viewer, viewerOf } from './viewer.ts';
import { checkHeaders, isHeaderRepeated } from '../http/request-faults.ts';
import type { RequestFacts } from '../http/request-facts.ts';

/** Admits or refuses a request whose client is known. */
export type AdmitRequest = (facts: RequestFacts, clientId: string) => Promise<void>;

export type Authenticate = (request: FastifyRequest, reply: FastifyReply) => Promise<Viewer>;

/**
 * Checks the token of a request and the proof of a token that is bound to a key, then whether its client may send more, then
 * the other headers and the purpose.
 *
 * The promise rejects with a PublicError: UNAUTHENTICATED (with the header `WWW-Authenticate`), FONTE_INDISPONIVEL when the
 * keys of the issuer cannot be read, FINALIDADE_AUSENTE, or an error of `admit` or `checkHeaders`.
 *
 * @param admit default: every client may send as much as it wants
 */
export function authenticator(
  verifier: Pick<TokenVerifier<Identity>, 'verify' | 'verifyCached'>,
  proofOf: ReadRequestProof,
  admit?: AdmitRequest,
): Authenticate {
  return async (request, reply) => {
    const identity = await verify(verifier, proofOf, request, reply);
    request.facts.identity = identity;
    await admit?.(request.facts, identity.clientId);
    checkHeaders(request);
    const header = request.headers['x-finalidade'];
    return viewerOf(identity, typeof header === 'string' ? header : undefined);
  };
}

async function verify(
  verifier: Pick<TokenVerifier<Identity>, 'verify' | 'verifyCached'>,
  proofOf: ReadRequestProof,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Identity> {
  try {
    const { authorization } = request.headers;
    if (isHeaderRepeated(request.raw.rawHeaders, 'authorization'))
      throw new InvalidTokenError('more than one Authorization header');
    return verifier.verifyCached(authorization) ?? (await verifier.verify(authorization, proofOf(request)));
  } catch (error) {
    if (error instanceof KeysUnavailableError) throw new PublicError('FONTE_INDISPONIVEL', { cause: error });
    if (!(error instanceof InvalidTokenError)) throw error;
    request.facts.motivo = error.reason;
    reply.header('www-authenticate', error.wwwAuthenticate);
    throw new PublicError('UNAUTHENTICATED', { cause: error });
  }
}
