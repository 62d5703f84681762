import type { FastifyRequest } from 'fastify';
import { certificateReader, type RequestProof } from 'graphql-jwt-guard/token';
import type { PossessionConfig } from '../config/possession-settings.ts';
import '../http/request-facts.ts';

/** Reads what a request has beside its token; `'checked'` for a request of the router, which has checked it. */
export type ReadRequestProof = (request: FastifyRequest) => RequestProof | 'checked';

/**
 * Makes a reader of proofs. A request of the router has none: the client's proof is for the router's URL. Its internal
 * identity covers the token, and the router makes it only after its own check.
 */
export function requestProofReader({ dpopUrls, certificateProxy }: PossessionConfig): ReadRequestProof {
  const certificateOf = certificateReader(certificateProxy);
  return ({ facts, headers: { dpop }, method, raw, url }) => {
    if (facts.internalIdentity) return 'checked';
    const path = url.split('?', 1)[0] ?? '';
    return {
      method,
      urls: dpopUrls.map((base) => base + path),
      dpop,
      certificate: certificateOf(raw),
    };
  };
}
