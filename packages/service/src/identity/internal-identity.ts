import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@pessoa/domain/data';

/** Header by which a subgraph knows that the router asks, which audits the read itself. */
export const INTERNAL_IDENTITY_HEADER = 'x-pessoa-identidade';

/** What a subgraph says to anybody else; the router, told so, is known to have another key. */
export const ROUTER_ONLY = 'GraphQL is for the router here; the REST routes take your token.';

const LIFETIME_MILLIS = 30_000;

/** What of a call an identity is bound to, beside its body: with anything else it is of no use. */
export interface InternalCall {
  /** `debt`, `score` or `event`. */
  readonly subgraph: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** The header `authorization` as it is sent; empty for none. */
  readonly authorization: string;
  /** The header `x-finalidade` as it is sent; empty for none. */
  readonly finalidade: string;
}

/** @returns the value of the header for one call */
export type InternalIdentitySigner = (call: InternalCall, body: string | Uint8Array) => string;

/** An identity whose signature is right, of a body that is yet to be read. */
export interface InternalIdentity {
  isOf(body: string | Uint8Array): boolean;
}

const digestOf = (body: string | Uint8Array): Buffer => createHash('sha256').update(body).digest();

/** No header and no path can hold the line break that separates them. */
function mac(key: Uint8Array, issuedAt: string, call: InternalCall, bodyDigest: string): Buffer {
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
    return `${issuedAt}.${bodyDigest}.${mac(key, issuedAt, call, bodyDigest).toString('base64url')}`;
  };
}

/**
 * Reads an identity of the last 30 s, made with the same key for the same call. The body is left to `isOf`, so that a
 * caller without an identity does not get a body read.
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
  if (!isEqual(Buffer.from(signature, 'base64url'), mac(key, issuedAt, call, bodyDigest))) return undefined;
  return { isOf: (body) => isEqual(Buffer.from(bodyDigest, 'base64url'), digestOf(body)) };
}

const isEqual = (one: Buffer, other: Buffer): boolean => one.length === other.length && timingSafeEqual(one, other);
