import { readCpf } from '@pessoa/domain/cpf';
import { PublicError } from '@pessoa/domain/errors';
import { authenticateFirst } from '@pessoa/service/http/authenticate-first';
import { sourceError } from '@pessoa/service/resilience/source-error';
import type { FastifyInstance } from 'fastify';
import { provePerson } from './person-proofs.ts';
import type { ProofRouteOptions } from './proof-route.ts';
import { readerOfOwnReads } from './reader-of-own-reads.ts';

/** As many digits as no number of a chain has. */
const NUMBER = /^\d{1,15}$/;

/**
 * Mounts `GET {prefix}/pessoa/{cpf}` for the holder of the CPF: all reads of them, with the proof that they are all. It needs the scope
 * `evento:read`. Everybody else gets PROVA_DESCONHECIDA, whatever the CPF. PROVA_PENDENTE until a checkpoint with a map is published. Of a read under seal it has the number and the entry. `?depois={number}` goes on after the 1,000
 * records of an answer.
 */
export function mountPersonProofs(
  app: FastifyInstance,
  { prefix, db, keys, clock, admit, authenticate }: ProofRouteOptions,
): void {
  app.get<{ Params: { cpf: string }; Querystring: { depois?: string | string[] } }>(
    `${prefix}/pessoa/:cpf`,
    { config: { door: 'rest' }, onRequest: [admit, authenticateFirst(authenticate)] },
    async (request, reply) => {
      const cpf = readCpf(request.params.cpf);
      if (cpf === undefined) throw new PublicError('CPF_INVALIDO');
      const { depois = '0' } = request.query;
      if (typeof depois !== 'string' || !NUMBER.test(depois)) throw new PublicError('BAD_USER_INPUT', { detail: '`depois` is not a number.' }); // prettier-ignore
      const { titular } = readerOfOwnReads(request, reply);
      if (titular !== cpf) throw new PublicError('PROVA_DESCONHECIDA', { detail: 'The token is not that of the holder of this CPF.' }); // prettier-ignore
      const proven = await provePerson(db, keys, cpf, Number(depois), clock.now()).catch((error: unknown) => {
        throw sourceError(error, 'auditoria');
      });
      if (proven === 'pending') throw new PublicError('PROVA_PENDENTE');
      return reply.send(proven);
    },
  );
}
