import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@pessoa/domain/data';

/** Header by which a subgraph knows that the router asks, which audits the read itself. */
export const INTERNAL_IDENTITY_HEADER = 'x-pessoa-identidade';

const LIFETIME_MILLIS = 30_000;

/** An identity is bound to the caller's token: it is of no use with another one. */
const mac = (key: Uint8Array, issuedAt: string, authorization: string): Buffer =>
  createHmac('sha256', key).update(`${issuedAt}\n${authorization}`).digest();

/** @param key shared by the router and the subgraphs, at least 32 bytes */
export function internalIdentitySigner(key: Uint8Array, clock: Clock): (authorization: string) => string {
  return (authorization) => {
    const now = String(clock.now().getTime());
    return `${now}.${mac(key, now, authorization).toString('base64url')}`;
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
