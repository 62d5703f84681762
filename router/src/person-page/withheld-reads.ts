import type { AuditorAnswer, AuditorClient } from '@pessoa/audit/auditor-client';
import { PublicError } from '@pessoa/domain/errors';
import { authenticateFirst, viewerOfRequest } from '@pessoa/service/http/authenticate-first';
import type { Authenticate } from '@pessoa/service/identity/authentication';
import type { FastifyInstance, onRequestAsyncHookHandler, onRequestHookHandler } from 'fastify';
import { z } from 'zod';
import { jsonIn, refusalIn } from '../audit-log/auditor-answer.ts';

const list = z.object({
  registros: z.array(
    z.object({ numero: z.int(), conteudo: z.enum(['EM_SIGILO', 'ELIMINADO', 'REMOVIDO']).optional() }),
  ),
  proximo: z.int().optional(),
});

const question = z.object({ depois: z.int().min(0).default(0) }).default({ depois: 0 });

export interface WithheldReadsOptions {
  /** Undefined without an auditor: each answer is then FONTE_INDISPONIVEL. */
  readonly auditor: Pick<AuditorClient, 'get'> | undefined;
  readonly authenticate: Authenticate;
  /** What a request has to pass first. The last one makes its session a token. */
  readonly admit: readonly (onRequestHookHandler | onRequestAsyncHookHandler)[];
}

/**
 * Mounts `POST /pessoa/sem-conteudo` for a holder who is signed in: the reads of them whose content is not shown, because they are under seal,
 * erased or gone. The graph has none of them. Each has its number among the reads of the person.
 *
 * `depois` in the body goes on after that number; `proximo` of an answer is the next one. Everybody else gets PROVA_DESCONHECIDA.
 */
export function mountWithheldReads(app: FastifyInstance, { auditor, authenticate, admit }: WithheldReadsOptions): void {
  const options = { config: { door: 'rest' as const }, onRequest: [...admit, authenticateFirst(authenticate)] };
  app.post('/pessoa/sem-conteudo', options, async (request, reply) => {
    const { titular, finalidade } = viewerOfRequest(request);
    if (titular === undefined) throw new PublicError('PROVA_DESCONHECIDA', { detail: 'The token is not that of a holder.' }); // prettier-ignore
    if (!auditor) throw new PublicError('FONTE_INDISPONIVEL', { fonte: 'auditoria' });
    const asked = question.safeParse(request.body ?? undefined);
    if (!asked.success) throw new PublicError('BAD_USER_INPUT', { detail: '`depois` is not a number.' });
    const { authorization } = request.headers;
    const caller = { interacao: request.facts.interactionId, authorization, finalidade };
    const { registros, proximo } = readList(await auditor.get(`/auditoria/pessoa/${titular}?depois=${asked.data.depois}`, caller)); // prettier-ignore
    return reply
      .header('cache-control', 'no-store')
      .send({ registros: registros.filter(({ conteudo }) => conteudo !== undefined), proximo });
  });
}

/** @throws PublicError that of the auditor; FONTE_INVALIDA for an answer that is no list */
function readList({ status, body }: AuditorAnswer): z.infer<typeof list> {
  if (status !== 200) throw new PublicError(refusalIn(body).code, { fonte: 'auditoria' });
  const answer = list.safeParse(jsonIn(body));
  if (!answer.success) throw new PublicError('FONTE_INVALIDA', { fonte: 'auditoria' });
  return answer.data;
}
