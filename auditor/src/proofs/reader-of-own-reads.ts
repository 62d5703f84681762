import { PublicError } from '@pessoa/domain/errors';
import { challengeOf, type RefusalReason } from '@pessoa/domain/motivo';
import { viewerOfRequest } from '@pessoa/service/http/authenticate-first';
import type { Viewer } from '@pessoa/service/identity/viewer';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The scope of the graph's list of reads. */
const SCOPE = 'evento:read';
const WITHOUT_SCOPE: RefusalReason = { motivo: 'ESCOPO', escopos: [SCOPE] };

/** The viewer of a request for reads of a holder. @throws PublicError UNAUTHORIZED_FIELD_OR_TYPE without the scope of such reads */
export function readerOfOwnReads(request: FastifyRequest, reply: FastifyReply): Viewer {
  const viewer = viewerOfRequest(request);
  if (viewer.scopes.has(SCOPE)) return viewer;
  reply.header('www-authenticate', challengeOf(WITHOUT_SCOPE));
  throw new PublicError('UNAUTHORIZED_FIELD_OR_TYPE', { reason: WITHOUT_SCOPE });
}
