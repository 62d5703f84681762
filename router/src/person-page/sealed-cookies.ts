import { hkdfSync } from 'node:crypto';
import { systemClock } from '@pessoa/domain/data';
import { type Cookies, parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EncryptJWT, jwtDecrypt } from 'jose';

/** A browser keeps cookies of 4,096 bytes with their name and attributes. */
const PART_MAX = 3_800;
/** All parts together stay below the 16 KiB that a request may have in headers. */
const PARTS_MAX = 3;

/** The content does not fit into cookies. */
export class CookieTooLargeError extends Error {}

/** Cookies whose content only this system can read or make. */
export interface SealedCookies<Content extends object> {
  /** @returns undefined when the request has none, one that this system did not seal, or one whose time is over */
  read(request: Pick<FastifyRequest, 'headers'>): Promise<Content | undefined>;
  /** @throws CookieTooLargeError above about 8 KB of content */
  write(reply: FastifyReply, content: Content): Promise<void>;
  clear(reply: FastifyReply): void;
}

export interface SealedCookieOptions {
  /** At least 32 bytes, the same in every router. The cookies of each `name` have a key of their own, derived from it. */
  readonly key: Uint8Array;
  readonly name: string;
  /** Whether browsers reach the page by https. Then the cookie is `Secure`, and its name begins with `__Host-`. */
  readonly isSecure: boolean;
  /**
   * Seconds for which the browser keeps the cookie, and for which its content can be read: the seal has the time, so a copy does not
   * outlive it. Default: until the browser is closed, and without an end.
   */
  readonly maxAgeSeconds?: number;
  /** Default: the clock of the system. */
  readonly now?: () => Date;
}

/**
 * Makes cookies of encrypted content (JWE, `dir`, A256GCM): HttpOnly, SameSite=Strict, for every path of this host and for no other host.
 * A content that is too large for one cookie is in several: `name`, `name.1`, `name.2`.
 */
export function sealedCookies<Content extends object>(options: SealedCookieOptions): SealedCookies<Content> {
  const { name, isSecure, maxAgeSeconds, now = () => systemClock.now() } = options;
  const key = new Uint8Array(hkdfSync('sha256', options.key, '', `pessoa/cookie/${name}/v1`, 32));
  const cookieName = `${isSecure ? '__Host-' : ''}${name}`;
  const partName = (part: number): string => (part === 0 ? cookieName : `${cookieName}.${part}`);
  const attributes = { path: '/', httpOnly: true, secure: isSecure, sameSite: 'strict' } as const;
  const set = (reply: FastifyReply, part: number, value: string, maxAge: number | undefined): FastifyReply =>
    reply.header(
      'set-cookie',
      stringifySetCookie({ name: partName(part), value, ...attributes, ...(maxAge !== undefined && { maxAge }) }),
    );

  return {
    async read({ headers }) {
      const sealed = joinParts(parseCookie(headers.cookie ?? ''), partName);
      if (sealed === '') return undefined;
      try {
        const { payload } = await jwtDecrypt<{ content: Content }>(sealed, key, {
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
          currentDate: now(),
          ...(maxAgeSeconds !== undefined && { requiredClaims: ['exp'] }),
        });
        return payload.content;
      } catch {
        return undefined; // another key, not ours, or too late
      }
    },
    async write(reply, content) {
      const jwt = new EncryptJWT({ content }).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' });
      if (maxAgeSeconds !== undefined) jwt.setExpirationTime(Math.floor(now().getTime() / 1_000) + maxAgeSeconds);
      const sealed = await jwt.encrypt(key);
      const parts = sealed.match(/.{1,3800}/g) ?? [];
      if (parts.length > PARTS_MAX) throw new CookieTooLargeError(`${sealed.length} bytes do not fit into cookies`);
      for (let part = 0; part < PARTS_MAX; part++) set(reply, part, parts[part] ?? '', parts[part] === undefined ? 0 : maxAgeSeconds); // prettier-ignore
    },
    clear(reply) {
      for (let part = 0; part < PARTS_MAX; part++) set(reply, part, '', 0);
    },
  };
}

function joinParts(cookies: Cookies, partName: (part: number) => string): string {
  let sealed = '';
  for (let part = 0; part < PARTS_MAX; part++) {
    const value = cookies[partName(part)];
    if (!value || value.length > PART_MAX) break;
    sealed += value;
  }
  return sealed;
}
