import { createPrivateKey, sign } from 'node:crypto';
import {
  developmentAudience,
  developmentIssuer,
  type DevelopmentKeys,
} from '@pessoa/service/development/development-keys';
import fc from 'fast-check';

type Json = Record<string, unknown>;

const decode = (segment: string): Json => JSON.parse(Buffer.from(segment, 'base64url').toString()) as Json;
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value) ?? '').toString('base64url');

const HEADERS: readonly Json[] = [
  { alg: 'none' },
  { alg: 'HS256' },
  { alg: 'RS256' },
  { alg: 'es256' },
  { kid: 'outra' },
  { kid: '../../etc/passwd' },
  { kid: 7 },
  { jku: 'https://exemplo.invalid/jwks.json' },
  { x5u: 'https://exemplo.invalid/x.pem' },
  { jwk: { kty: 'oct', k: 'AAAA' } },
  { crit: ['b64'], b64: false },
  { zip: 'DEF' },
  { typ: 'JWE' },
];
const CLAIMS: readonly Json[] = [
  { scope: 'divida:read:completo' },
  { exp: 9_999_999_999 },
  { cpf: '52998224725' },
  { iss: 'https://exemplo.invalid' },
  { aud: ['pessoa', 'outro'] },
  { client_id: 'tribunal' },
];

/** What a header of HTTP may hold. */
const character = fc.integer({ min: 0x21, max: 0xff }).filter((code) => code !== 0x7f && (code < 0x80 || code > 0x9f));
const characters = fc.array(character, { minLength: 1, maxLength: 6 }).map((codes) => String.fromCharCode(...codes));
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

/**
 * Compact tokens that nobody signed: a signed one, changed. None is equal to the signed one.
 * @param tokens signed and valid
 */
export const mutatedTokens = (tokens: readonly string[]): fc.Arbitrary<string> => {
  const token = fc.constantFrom(...tokens);
  const bySegment = (change: (segments: string[]) => string[]) =>
    token.map((text) => change(text.split('.')).join('.'));
  const mutated = fc.oneof(
    fc.tuple(token, place, characters).map(([text, share, piece]) => {
      const from = Math.floor(share * text.length);
      return text.slice(0, from) + piece + text.slice(from + piece.length);
    }),
    fc.tuple(token, place, fc.integer({ min: 1, max: 40 })).map(([text, share, length]) => {
      const from = Math.floor(share * text.length);
      return text.slice(0, from) + text.slice(from + length);
    }),
    fc.tuple(token, characters).map(([text, piece]) => text + piece),
    fc.tuple(token, token).map(([one, other]) => [...one.split('.').slice(0, 2), other.split('.')[2]].join('.')),
    fc
      .constantFrom(...HEADERS)
      .chain((change) => bySegment(([header, ...rest]) => [encode({ ...decode(header!), ...change }), ...rest])),
    fc
      .constantFrom(...CLAIMS)
      .chain((change) =>
        bySegment(([header, payload, signature]) => [header!, encode({ ...decode(payload!), ...change }), signature!]),
      ),
    bySegment(([header, payload]) => [header!, payload!, '']),
    bySegment(([header, payload, signature]) => [payload!, header!, signature!]),
    bySegment((segments) => segments.map((segment) => `${segment}=`)),
    bySegment((segments) => [...segments, 'AAAA', 'AAAA']),
    fc.constantFrom(1, 9_000, 11_000).map((length) => 'A'.repeat(length)),
    characters,
  );
  return mutated.filter((text) => !tokens.includes(text));
};

const CLAIM_NAMES = ['sub', 'jti', 'client_id', 'azp', 'scope', 'scp', 'finalidade', 'cpf', 'consentimento', 'ordem_judicial', 'cnf', 'nbf', 'iat', 'aud', '__proto__']; // prettier-ignore
const KNOWN_VALUES = ['', ' ', 'divida:read score:read', ['evento:read'], 'CONSULTA_DO_TITULAR', 'ORDEM_JUDICIAL', '52998224725', '52998224724', { id: 'c', cpf: '52998224725', ate: '2099-12-31' }, [{ id: 'c', cpf: '529.982.247-25', ate: 4_000_000_000 }], 'x'.repeat(256), '\u0000', '\ud800', 2 ** 53, -1, 1e308]; // prettier-ignore

/**
 * Signed tokens with odd claims, as a careless issuer would make them.
 * @param privateJwk the development key
 */
export function oddlyClaimedTokens(privateJwk: DevelopmentKeys['privateJwk'], now: number): fc.Arbitrary<string> {
  const key = createPrivateKey({ key: privateJwk as Json, format: 'jwk' });
  const value = fc.oneof(fc.constantFrom<unknown>(...KNOWN_VALUES), fc.jsonValue({ maxDepth: 2 }));
  return fc.array(fc.tuple(fc.constantFrom(...CLAIM_NAMES), value), { minLength: 1, maxLength: 4 }).map((odd) => {
    const claims = { iss: developmentIssuer, aud: developmentAudience, sub: 'teste', client_id: 'teste', scope: 'divida:read', finalidade: 'LOCACAO', iat: now, exp: now + 600 }; // prettier-ignore
    for (const [name, claim] of odd) Object.defineProperty(claims, name, { value: claim, enumerable: true, configurable: true, writable: true }); // prettier-ignore
    const signed = `${encode({ alg: 'ES256', kid: privateJwk.kid, typ: 'at+jwt' })}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${signature.toString('base64url')}`;
  });
}
