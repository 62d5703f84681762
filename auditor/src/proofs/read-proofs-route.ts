import { READ_PROOFS_MAX, READ_PROOFS_PATH, type ReadProofsRequest } from '@pessoa/audit/read-proofs';
import { PublicError } from '@pessoa/domain/errors';
import { authenticateFirst } from '@pessoa/service/http/authenticate-first';
import { sourceError } from '@pessoa/service/resilience/source-error';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { isUuid, type ProofRouteOptions } from './proof-route.ts';
import { proveReads } from './read-proofs.ts';
import { readerOfOwnReads } from './reader-of-own-reads.ts';

const asked = z.strictObject({
  registros: z.array(z.string().refine(isUuid)).min(1).max(READ_PROOFS_MAX),
  tamanho: z.int().positive().optional(),
}) satisfies z.ZodType<ReadProofsRequest>;

/**
 * Mounts the route at which Event asks for the proofs of reads in the list of a holder. It needs the scope `evento:read`. The person is
 * the `cpf` of the token, whatever Event asks for: PROVA_DESCONHECIDA without one.
 */
export function mountReadProofs(
  app: FastifyInstance,
  { clock, admit, authenticate, ...sources }: Omit<ProofRouteOptions, 'prefix'>,
): void {
  app.post(
    READ_PROOFS_PATH,
    { config: { door: 'rest' }, onRequest: [admit, authenticateFirst(authenticate)] },
    async (request, reply) => {
      const { titular } = readerOfOwnReads(request, reply);
      if (titular === undefined) throw new PublicError('PROVA_DESCONHECIDA', { detail: 'The token is not that of a holder.' }); // prettier-ignore
      const { data } = asked.safeParse(request.body);
      if (!data) throw new PublicError('BAD_USER_INPUT', { detail: 'The body does not ask for proofs of reads.' });
      const proven = await proveReads(sources, titular, data, clock.now()).catch((error: unknown) => {
        throw sourceError(error, 'auditoria');
      });
      if (!proven) throw new PublicError('BAD_USER_INPUT', { detail: 'No checkpoint has this `tamanho`.' });
      return reply.send(proven);
    },
  );
}
