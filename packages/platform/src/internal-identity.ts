import { createHmac, timingSafeEqual } from 'node:crypto';

/** Header by which a subgraph knows that the router asks, which audits the read itself. */
export const INTERNAL_IDENTITY_HEADER = 'x-pessoa-identidade';

const LIFETIME_MILLIS = 30_000;

/** What an identity is bound to: it is of no use with another token or in another interaction. */
interface Bound {
  readonly authorization: string;
  readonly interactionId: string;
}

const mac = (key: Uint8Array, issuedAt: string, { authorization, interactionId }: Bound): Buffer =>
  createHmac('sha256', key).update(`${issuedAt}\n${interactionId}\n${authorization}`).digest();

/** @param key shared by the router and the subgraphs, at least 32 bytes */
export function signInternalIdentity(key: Uint8Array, bound: Bound, nowMillis: number): string {
  const issuedAt = String(nowMillis);
  return `${issuedAt}.${mac(key, issuedAt, bound).toString('base64url')}`;
}

/** True for an identity of the last 30 s, made with the same key for the same token and interaction. */
export function isInternalIdentity(key: Uint8Array, header: unknown, bound: Bound, nowMillis: number): boolean {
  if (typeof header !== 'string') return false;
  const [issuedAt = '', signature = ''] = header.split('.');
  if (!/^\d{13}$/.test(issuedAt) || Math.abs(nowMillis - Number(issuedAt)) > LIFETIME_MILLIS) return false;
  const given = Buffer.from(signature, 'base64url');
  const right = mac(key, issuedAt, bound);
  return given.length === right.length && timingSafeEqual(given, right);
}
