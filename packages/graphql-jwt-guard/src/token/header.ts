import { isAlgorithm, type Algorithm } from './algorithms.ts';
import { InvalidTokenError } from './invalid-token-error.ts';
import { readJsonSegment } from './json-segment.ts';

/** What of a token's header (RFC 7515) is believed before its signature is. */
export interface Header {
  readonly algorithm: Algorithm;
  readonly kid: string | undefined;
}

export interface HeaderRules {
  readonly algorithms: ReadonlySet<string>;
  /** In lower case, without `application/`; ABSENT for a token without `typ`. */
  readonly types: ReadonlySet<string>;
}

/** Among the types, stands for a token that does not say any. */
export const ABSENT = 'absent';

const KID_MAX = 256;

/** Media types compare without case, and may leave out `application/` (RFC 7515 section 4.1.9). */
export const typeOf = (typ: string): string => typ.toLowerCase().replace(/^application\//, '');

/** Extensions that change what the other bytes mean: none of them is understood here. */
const refused = ['crit', 'zip', 'b64', 'enc'] as const;

/**
 * Keys that a header brings or points to (`jwk`, `jku`, `x5c`, `x5u`) are not looked at: the JWKS alone says who signs.
 *
 * @throws InvalidTokenError
 */
export function readHeader(segment: string, rules: HeaderRules): Header {
  const header = readJsonSegment(segment);
  const { alg, kid, typ, cty } = header;
  const extension = refused.find((name) => Object.hasOwn(header, name));
  if (extension !== undefined) throw new InvalidTokenError(`the header ${extension} is not accepted`);
  if (typeof alg !== 'string' || !rules.algorithms.has(alg) || !isAlgorithm(alg)) {
    throw new InvalidTokenError('the algorithm is not accepted');
  }
  const type = typ === undefined ? ABSENT : typeof typ === 'string' && typeOf(typ) !== ABSENT ? typeOf(typ) : '';
  if (!rules.types.has(type)) throw new InvalidTokenError('the type of the token is not accepted');
  if (cty !== undefined) throw new InvalidTokenError('a token within a token is not accepted');
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > KID_MAX)) {
    throw new InvalidTokenError('the header kid is malformed');
  }
  return { algorithm: alg, kid };
}
