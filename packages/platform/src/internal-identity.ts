import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@pessoa/domain/data';
import { LRUCache } from 'lru-cache';

/** Header by which a subgraph knows that the router asks, which audits the read itself. */
export const INTERNAL_IDENTITY_HEADER = 'x-pessoa-identidade';

const LIFETIME_MILLIS = 30_000;
/** An identity is used again for this long: signing anew for every call would cost more than the call's own headers. */
const REUSE_MILLIS = 10_000;
const CALLERS_REMEMBERED = 1_000;

/** An identity is bound to the caller's token: it is of no use with another one. */
const mac = (key: Uint8Array, issuedAt: string, authorization: string): Buffer =>
  createHmac('sha256', key).update(`${issuedAt}\n${authorization}`).digest();

/** @param key shared by the router and the subgraphs, at least 32 bytes */
export function internalIdentitySigner(key: Uint8Array, clock: Clock): (authorization: string) => string {
  const made = new LRUCache<string, { identity: string; at: number }>({ max: CALLERS_REMEMBERED });
  return (authorization) => {
    const now = clock.now().getTime();
    const known = made.get(authorization);
    if (known && Math.abs(now - known.at) < REUSE_MILLIS) return known.identity;
    const identity = `${now}.${mac(key, String(now), authorization).toString('base64url')}`;
    made.set(authorization, { identity, at: now });
    return identity;
  };
}

/** True for an identity of the last 30 s, made with the same key for the same token. */
export function isInternalIdentity(key: Uint8Array, header: unknown, authorization: string, clock: Clock): boolean {
  if (typeof header !== 'string') return false;
  const [issuedAt = '', signature = ''] = header.split('.');
  if (!/^\d{13}$/.test(issuedAt) || Math.abs(clock.now().getTime() - Number(issuedAt)) > LIFETIME_MILLIS) return false;
  const given = Buffer.from(signature, 'base64url');
  const right = mac(key, issuedAt, authorization);
  return given.length === right.length && timingSafeEqual(given, right);
}
