import type { Clock } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import { INTERNAL_IDENTITY_HEADER, readInternalIdentity, ROUTER_ONLY } from '../identity/internal-identity.ts';
import './request-facts.ts';

/**
 * Lets nobody but the router in. It looks at the signature before the body is read; `checkInternalBody` looks at the body.
 * Refused: UNAUTHENTICATED.
 */
export function internalCallersOnly(options: {
  key: Uint8Array;
  subgraph: string;
  clock: Clock;
}): onRequestHookHandler {
  return (request, reply, done) => {
    const { headers, method, url } = request;
    const { authorization = '', 'x-finalidade': finalidade = '' } = headers;
    const call = { subgraph: options.subgraph, method, path: url, authorization, finalidade: String(finalidade) };
    const identity = readInternalIdentity(options.key, headers[INTERNAL_IDENTITY_HEADER], call, options.clock);
    const isWithoutBody = method === 'GET' || method === 'HEAD';
    if (!identity || (isWithoutBody && !identity.isOf(''))) {
      reply.header('www-authenticate', 'Bearer');
      return done(refusal(request));
    }
    request.facts.internalIdentity = identity;
    done();
  };
}

/** @throws PublicError UNAUTHENTICATED for a body that the caller's identity was not made for */
export function checkInternalBody(request: FastifyRequest, body: string | Uint8Array): void {
  const { internalIdentity } = request.facts;
  if (internalIdentity && !internalIdentity.isOf(body)) throw refusal(request);
}

function refusal({ facts, headers }: FastifyRequest): PublicError {
  facts.motivo = headers[INTERNAL_IDENTITY_HEADER] === undefined ? 'no internal identity' : 'internal identity refused';
  return new PublicError('UNAUTHENTICATED', { detail: ROUTER_ONLY });
}
