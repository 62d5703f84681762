import type { Scheme } from './authorization-header.ts';

export interface ChallengeOptions {
  /** The scheme of the request. Default: Bearer. */
  readonly scheme?: Scheme;
  /** Default: `invalid_token`. */
  readonly error?: 'invalid_token' | 'invalid_dpop_proof';
  /** The algorithms of a DPoP proof. Default: DPoP is not offered. */
  readonly dpopAlgorithms?: readonly string[] | undefined;
}

/**
 * The characters of an `error_description` (RFC 6750 section 3): printable ASCII except quotation mark and backslash.
 */
const DESCRIPTION = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * Makes the value of `WWW-Authenticate` (RFC 6750 section 3, RFC 9449 section 7.1).
 *
 * @param reason why the token is refused; undefined if there was none
 */
export function challengeOf(reason: string | undefined, options: ChallengeOptions): string {
  const { scheme = 'Bearer', error = 'invalid_token', dpopAlgorithms } = options;
  const description = reason !== undefined && DESCRIPTION.test(reason) ? [`error_description="${reason}"`] : [];
  const parameters = reason === undefined ? [] : [`error="${error}"`, ...description];
  const algorithms = dpopAlgorithms === undefined ? [] : [`algs="${dpopAlgorithms.join(' ')}"`];
  if (scheme === 'DPoP') return `DPoP ${[...parameters, ...algorithms].join(', ')}`;
  const bearer = parameters.length === 0 ? 'Bearer' : `Bearer ${parameters.join(', ')}`;
  return algorithms.length === 0 ? bearer : `${bearer}, DPoP ${algorithms.join('')}`;
}
