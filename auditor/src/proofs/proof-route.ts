import type { Clock } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import { authenticateFirst, viewerOfRequest } from '@pessoa/service/http/authenticate-first';
import type { Authenticate } from '@pessoa/service/identity/authentication';
import { sourceError } from '@pessoa/service/resilience/source-error';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import type { ProofSources } from './proof-sources.ts';
import { proveRecords } from './record-proofs.ts';

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);

export interface ProofRouteOptions extends ProofSources {
  readonly prefix: string;
  /** Says which seals have ended. */
  readonly clock: Clock;
  /** Refuses every caller but the router. */
  readonly admit: onRequestHookHandler;
  readonly authenticate: Authenticate;
}

/**
 * Mounts `GET {prefix}/provas/{interaction id}`: the records of the caller's own reads in one interaction, each with the proof that
 * it is in the log. A holder's token gets none of a read under seal, whoever made it. PROVA_DESCONHECIDA without a record of this client and subject; PROVA_PENDENTE until all have a proof.
 * `?depois={record id}` goes on after the records of an answer: 1,000 at most, of 100 people at most.
 */
export function mountProofs(
  app: FastifyInstance,
  { prefix, clock, admit, authenticate, ...sources }: ProofRouteOptions,
): void {
  app.get<{ Params: { interacao: string }; Querystring: { depois?: string | string[] } }>(
    `${prefix}/provas/:interacao`,
    { config: { door: 'rest' }, onRequest: [admit, authenticateFirst(authenticate)] },
    async (request, reply) => {
      const { clientId, sujeito, titular } = viewerOfRequest(request);
      const interacao = requireUuid(request.params.interacao, 'The interaction id');
      const { depois } = request.query;
      const after = depois === undefined ? undefined : requireUuid(depois, '`depois`');
      const unsealedAt = titular === undefined ? undefined : clock.now();
      const query = { interacao, clientId, sujeito, after, unsealedAt };
      const proven = await proveRecords(sources, query).catch((error: unknown) => {
        throw sourceError(error, 'auditoria');
      });
      if (proven === 'pending') throw new PublicError('PROVA_PENDENTE');
      if (proven.records.length === 0) throw new PublicError('PROVA_DESCONHECIDA');
      const { records: registros, hasMore } = proven;
      return reply.send({ registros, proximo: hasMore ? registros.at(-1)!.registro.id : null });
    },
  );
}

function requireUuid(value: string | string[], what: string): string {
  if (isUuid(value)) return value;
  throw new PublicError('BAD_USER_INPUT', { detail: `${what} is not a UUID.` });
}
