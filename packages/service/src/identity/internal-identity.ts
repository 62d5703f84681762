import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@pessoa/domain/data';

/** The header by which a subgraph recognizes a request of the router, which then writes the audit of the read, and the auditor one of the router or of Event. */
export const INTERNAL_IDENTITY_HEADER = 'x-pessoa-identidade';

/** A subgraph's message to any other caller. When the router gets it, the router has another INTERNAL_KEY. */
export const ROUTER_ONLY = 'Only the router may use GraphQL here; the REST routes accept your token.';

const LIFETIME_MILLIS = 30_000;

/** The parts of a call, besides its body, that an identity is bound to. It is not valid for any other call. */
export interface InternalCall {
  /** `debt`, `score`, `event` or `auditor`. */
  readonly subgraph: string;
  readonly method: string;
  /** The path with its query. */
  readonly path: string;
  /** The header `authorization` as it is sent; empty without one. */
  readonly authorization: string;
  /** The header `x-finalidade` as it is sent; empty without one. */
  readonly finalidade: string;
}

/** @returns the value of the header for one call */
export type InternalIdentitySigner = (call: InternalCall, body: string | Uint8Array) => string;

/** An identity with a valid signature. Its body must still be checked. */
export interface InternalIdentity {
  matchesBody(body: string | Uint8Array): boolean;
}

const digestOf = (body: string | Uint8Array): Buffer => createHash('sha256').update(body).digest();

/** The parts are separated by line breaks, which no header and no path can contain. */
function signatureOf(key: Uint8Array, issuedAt: string, call: InternalCall, bodyDigest: string): Buffer {
  const { subgraph, method, path, authorization, finalidade } = call;
  return createHmac('sha256', key)
    .update(['2', issuedAt, subgraph, method, path, finalidade, bodyDigest, authorization].join('\n'))
    .digest();
}

/** @param key shared by the router and the subgraphs, at least 32 bytes */
export function internalIdentitySigner(key: Uint8Array, clock: Clock): InternalIdentitySigner {
  return (call, body) => {
    const issuedAt = String(clock.now().getTime());
    const bodyDigest = digestOf(body).toString('base64url');
    return `${issuedAt}.${bodyDigest}.${signatureOf(key, issuedAt, call, bodyDigest).toString('base64url')}`;
  };
}

/**
 * Checks an identity: it must be at most 30 s old and made with the same key for the same call. `matchesBody` checks the
 * body later, so that the body of a caller without an identity is never read.
 *
 * @returns undefined for an invalid header
 */
export function readInternalIdentity(
  key: Uint8Array,
  header: unknown,
  call: InternalCall,
  clock: Clock,
): InternalIdentity | undefined {
  const [issuedAt = '', bodyDigest = '', signature = '', ...rest] = typeof header === 'string' ? header.split('.') : [];
  if (rest.length > 0 || !/^\d{13}$/.test(issuedAt)) return undefined;
  if (Math.abs(clock.now().getTime() - Number(issuedAt)) > LIFETIME_MILLIS) return undefined;
  if (!isEqual(Buffer.from(signature, 'base64url'), signatureOf(key, issuedAt, call, bodyDigest))) return undefined;
  return { matchesBody: (body) => isEqual(Buffer.from(bodyDigest, 'base64url'), digestOf(body)) };
}

const isEqual = (left: Buffer, right: Buffer): boolean => left.length === right.length && timingSafeEqual(left, right);
