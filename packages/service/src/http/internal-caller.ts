import type { Clock } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import { INTERNAL_IDENTITY_HEADER, readInternalIdentity, ROUTER_ONLY } from '../identity/internal-identity.ts';
import './request-facts.ts';

/**
 * Makes a hook that refuses every caller except the router, with UNAUTHENTICATED. It checks the signature before the body
 * is read; `checkInternalBody` then checks the body.
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
    const hasNoBody = method === 'GET' || method === 'HEAD';
    if (!identity || (hasNoBody && !identity.matchesBody(''))) {
      reply.header('www-authenticate', 'Bearer');
      return done(refusal(request));
    }
    request.facts.internalIdentity = identity;
    request.facts.trace?.begin('router');
    done();
  };
}

/** @throws PublicError UNAUTHENTICATED when the router's identity was made for another body */
export function checkInternalBody(request: FastifyRequest, body: string | Uint8Array): void {
  const { internalIdentity } = request.facts;
  if (internalIdentity && !internalIdentity.matchesBody(body)) throw refusal(request);
}

function refusal({ facts, headers }: FastifyRequest): PublicError {
  facts.motivo = headers[INTERNAL_IDENTITY_HEADER] === undefined ? 'no internal identity' : 'internal identity refused';
  return new PublicError('UNAUTHENTICATED', { detail: ROUTER_ONLY });
}
