import type { AuditorAnswer, AuditorClient } from '@pessoa/audit/auditor-client';
import { PublicError } from '@pessoa/domain/errors';
import { authenticateFirst } from '@pessoa/service/http/authenticate-first';
import type { Authenticate } from '@pessoa/service/identity/authentication';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { refusalIn } from './auditor-answer.ts';

/** The headers of the auditor that its answer needs. The router has its own of the others. */
const PASSED_ON = ['content-type', 'cache-control', 'retry-after', 'www-authenticate'];

/**
 * Mounts what the auditor serves to clients: the log for everybody (`/auditoria/checkpoint`, `/auditoria/tile/…`,
 * `/auditoria/chave`), `/auditoria/provas/{interaction id}` for the caller of a read, and `/auditoria/pessoa/{cpf}` for the holder. The router
 * checks the token and counts the request; the auditor checks the token again.
 */
export function mountAuditLog(app: FastifyInstance, auditor: AuditorClient, authenticate: Authenticate): void {
  for (const path of [
    '/auditoria/chave',
    '/auditoria/checkpoint',
    '/auditoria/tile/*',
    '/auditoria/provas/:interacao',
    '/auditoria/pessoa/:cpf',
  ]) {
    const isOfCaller = path.includes(':');
    const options: Pick<RouteOptions, 'config' | 'onRequest'> = { config: { door: 'rest' } };
    if (isOfCaller) options.onRequest = [authenticateFirst(authenticate)];
    app.get(path, options, async (request, reply) => {
      const { authorization, 'x-finalidade': finalidade } = isOfCaller ? request.headers : {};
      const interacao = request.facts.interactionId;
      const answer = await auditor.get(isOfCaller ? pathOf(request) : pathOf(request).split('?')[0]!, {
        interacao,
        authorization,
        finalidade: finalidade?.toString(),
      });
      return passOn(answer, request, reply);
    });
  }
}

/** The path of a request without what no path of the auditor has. */
function pathOf({ url: rawUrl }: FastifyRequest): string {
  // Clients made from the contract write the slashes within a parameter so.
  const url = rawUrl.replace(/^[^?]*/, (path) => path.replaceAll(/%2f/gi, '/'));
  if (!/^\/auditoria\/[\w/.-]{1,200}(?:\?[\w&=%-]{0,200})?$/.test(url))
    throw new PublicError('RECURSO_DESCONHECIDO', { detail: 'The log of the audit has no such path.' });
  return url;
}

function passOn(
  { status, headers, body }: AuditorAnswer,
  { facts }: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (status >= 400) {
    const { code, motivo } = refusalIn(body);
    facts.code = code;
    facts.motivo = motivo;
  }
  for (const name of PASSED_ON) if (headers[name] !== undefined) reply.header(name, headers[name]);
  return reply.code(status).send(body);
}
