import { PublicError } from '@pessoa/domain/errors';
import { createIdentityVerifier } from '@pessoa/service/identity/verifier';
import { type Viewer, viewerOf } from '@pessoa/service/identity/viewer';
import { ExtractionError } from './extraction-error.ts';
import type { ExtractionSettings } from './extraction-settings.ts';

const SCOPE = 'score:extracao';

/**
 * Who extracts, and for what purpose: the claims of the token.
 *
 * @throws ExtractionError when the token is not valid, has no purpose, belongs to a holder or lacks the scope
 */
export async function extractionViewer({ token, ...settings }: ExtractionSettings): Promise<Viewer> {
  const verifier = createIdentityVerifier(settings);
  const viewer = viewerOf(await verifier.verify(`Bearer ${token}`).catch(refuse), undefined);
  if (viewer.titular) throw new ExtractionError('EXTRACTION_TOKEN is a token of a holder');
  if (!viewer.scopes.has(SCOPE)) throw new ExtractionError(`EXTRACTION_TOKEN lacks the scope ${SCOPE}`);
  return viewer;
}

function refuse(error: unknown): never {
  if (error instanceof PublicError) throw error;
  throw new ExtractionError(`EXTRACTION_TOKEN is refused: ${(error as Error).message}`, { cause: error });
}
