import { isAlgorithm, type Algorithm } from './algorithms.ts';
import { InvalidTokenError } from './invalid-token-error.ts';
import { readJsonSegment } from './json-segment.ts';

/** The parts of a token's header (RFC 7515) that select the key. They are not verified yet. */
export interface Header {
  readonly algorithm: Algorithm;
  readonly kid: string | undefined;
}

export interface HeaderRules {
  readonly algorithms: ReadonlySet<string>;
  /** Accepted types as `typeOf` writes them. ABSENT accepts a token without `typ`. */
  readonly types: ReadonlySet<string>;
}

/** In a list of types, it stands for a token without `typ`. */
export const ABSENT = 'absent';

/** The highest length of a `kid`. */
const KID_MAX = 256;

/** Normalizes a media type. Case does not count, and `application/` is optional (RFC 7515 section 4.1.9). */
export const typeOf = (typ: string): string => typ.toLowerCase().replace(/^application\//, '');

/** Extensions that change the meaning of other parts. This package supports none of them. */
const REFUSED_EXTENSIONS = ['crit', 'zip', 'b64', 'enc'] as const;

/** The first extension in a header; undefined if it has none. */
export const refusedExtension = (header: object): string | undefined =>
  REFUSED_EXTENSIONS.find((name) => Object.hasOwn(header, name));

/**
 * Checks and reads the header. It ignores keys in the header (`jwk`, `jku`, `x5c`, `x5u`): only the JWKS has trusted
 * keys.
 *
 * @throws InvalidTokenError
 */
export function readHeader(segment: string, rules: HeaderRules): Header {
  const header = readJsonSegment(segment);
  const { alg, kid, typ, cty } = header;
  const extension = refusedExtension(header);
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
