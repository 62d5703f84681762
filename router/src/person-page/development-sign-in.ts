import { readCpf } from '@pessoa/domain/cpf';
import { PublicError } from '@pessoa/domain/errors';
import type { FastifyInstance } from 'fastify';
import { isLocalRequest } from '../explorer/local-request.ts';
import { type DevelopmentIssue, developmentIssue } from '../explorer/session.ts';
import { sameOriginOnly } from './same-origin.ts';
import { beginSession, type SignInOptions } from './sign-in.ts';

/**
 * Mounts the sign-in of a development system without an issuer: `POST /pessoa/desenvolvimento` begins a session with a token as
 * `npm run token` makes it, for a program on this machine only. The body may name a holder: `{"cpf": …}`.
 *
 * @param home the folder with the development keys
 */
export function mountDevelopmentSignIn(
  app: FastifyInstance,
  { home, exampleCpf, ...options }: SignInOptions & { home: string; exampleCpf: string | undefined },
): void {
  let issue: Promise<DevelopmentIssue> | undefined;
  app.post('/pessoa/desenvolvimento', { onRequest: sameOriginOnly(options.originOf) }, async (request, reply) => {
    if (!isLocalRequest(request))
      throw new PublicError('UNAUTHENTICATED', { detail: 'Development tokens are for this machine only.' });
    const named = (request.body as { cpf?: unknown } | null)?.cpf;
    const cpf = readCpf(named);
    if (named !== undefined && cpf === undefined) throw new PublicError('CPF_INVALIDO');
    issue ??= developmentIssue(home, exampleCpf);
    // Without the claim, the page says the purpose of each request.
    const token = await (await issue)(cpf === undefined ? { finalidade: null } : { cpf });
    await beginSession(reply, { token, nome: cpf === undefined ? 'Analista (desenvolvimento)' : 'Titular (desenvolvimento)' }, options); // prettier-ignore
    return reply.code(204).send();
  });
}
