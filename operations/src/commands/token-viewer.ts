import { PublicError } from '@pessoa/domain/errors';
import type { CommonConfig } from '@pessoa/service/config/environment';
import { createIdentityVerifier } from '@pessoa/service/identity/verifier';
import { type Viewer, viewerOf } from '@pessoa/service/identity/viewer';
import { CommandError } from './command-error.ts';

/** The token of a command, and what it needs. */
export interface CommandToken {
  /** The variable that has the token. */
  readonly setting: string;
  readonly token: string;
  readonly scope: string;
}

/**
 * Who runs a command, and for what purpose: the claims of its token.
 *
 * @throws CommandError when the token is not valid, belongs to a holder, has a seal or lacks the scope
 * @throws PublicError when the token has no purpose, or the keys of its issuer cannot be read
 */
export async function tokenViewer(
  { setting, token, scope }: CommandToken,
  settings: Pick<CommonConfig, 'jwt' | 'isDevelopment'>,
): Promise<Viewer> {
  const refuse = (error: unknown): never => {
    if (error instanceof PublicError) throw error;
    throw new CommandError(`${setting} is refused: ${(error as Error).message}`, { cause: error });
  };
  const verifier = createIdentityVerifier(settings);
  const viewer = viewerOf(await verifier.verify(`Bearer ${token}`).catch(refuse), undefined, 'checked');
  if (viewer.sigilo) throw new CommandError(`${setting} has a seal, and no command seals what it reads`);
  if (viewer.titular) throw new CommandError(`${setting} is a token of a holder`);
  if (!viewer.scopes.has(scope)) throw new CommandError(`${setting} lacks the scope ${scope}`);
  return viewer;
}
