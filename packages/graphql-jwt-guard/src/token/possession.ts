import type { Scheme } from './authorization-header.ts';
import type { Confirmation } from './confirmation.ts';
import type { DpopCheck } from './dpop.ts';
import { InvalidTokenError } from './invalid-token-error.ts';

/** What a request has beside its token, to prove that its sender holds the key of the token. */
export interface RequestProof {
  readonly method: string;
  /** The URLs by which a client may have sent the request. Query and fragment do not count. */
  readonly urls: readonly string[];
  /** The value of the header `DPoP`, as Node gives it. */
  readonly dpop: string | string[] | undefined;
  /** What `certificateReader` returns. */
  readonly certificate: string | undefined;
}

/**
 * Checks that the sender of a token holds its keys.
 *
 * @param request `'checked'` if the caller of the verifier knows that another process has checked this
 * @param checkDpop undefined if DPoP is not accepted
 * @throws InvalidTokenError
 */
export async function checkPossession(
  { scheme, token }: { readonly scheme: Scheme; readonly token: string },
  confirmation: Confirmation | undefined,
  request: RequestProof | 'checked' | undefined,
  checkDpop: DpopCheck | undefined,
  now: number,
): Promise<void> {
  if (request === 'checked') return;
  const { jkt, certificate } = confirmation ?? {};
  if (jkt !== undefined && checkDpop === undefined)
    throw new InvalidTokenError('a token that is bound to a DPoP key is not accepted');
  if (scheme === 'DPoP' && jkt === undefined) throw new InvalidTokenError('the token is not bound to a DPoP key');
  if (scheme === 'Bearer' && jkt !== undefined)
    throw new InvalidTokenError('a token that is bound to a DPoP key has the scheme DPoP');
  if (certificate !== undefined && certificate !== request?.certificate)
    throw new InvalidTokenError('the token is bound to a client certificate that this connection does not have');
  if (jkt === undefined || checkDpop === undefined) return;
  const { method = '', urls = [], dpop } = request ?? {};
  await checkDpop({ method, urls, proof: typeof dpop === 'string' ? dpop : undefined }, token, jkt, now);
}
