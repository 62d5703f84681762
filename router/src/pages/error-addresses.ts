import { type ErrorHelp, errorHelp } from '@pessoa/domain/error-help';
import { isPublicErrorCode, PublicError, type PublicErrorCode, publicErrors } from '@pessoa/domain/errors';
import { type Problem, problemFor } from '@pessoa/rest/problem';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import { escapeHtml, proseToHtml } from './html.ts';
import { type Page, type PageLink, sendPage } from './page.ts';

const codes = Object.keys(publicErrors) as PublicErrorCode[];
/** The type for a client that accepts anything. */
const JSON_TYPE = 'application/json';
const TYPES = [JSON_TYPE, 'application/problem+json', 'text/html'];

/** Serves each error code at the path of its `type`: a page for a browser, JSON for a program. */
export function mountErrorAddresses(app: FastifyInstance, links: readonly PageLink[]): void {
  const answer = (request: FastifyRequest, reply: FastifyReply, page: Page, json: () => object) => {
    const type = contentTypeFor(request);
    reply.header('vary', 'accept');
    if (type === 'text/html') return sendPage(reply, page, links);
    return reply.header('cache-control', 'no-cache').type(type).send(json());
  };

  app.get('/erros', async (request, reply) => answer(request, reply, listPage, () => codes.map(explanationOf)));

  app.get<{ Params: { codigo: string } }>('/erros/:codigo', async (request, reply) => {
    const { codigo } = request.params;
    if (isPublicErrorCode(codigo)) return answer(request, reply, codePage(codigo), () => explanationOf(codigo));
    const unknown = new PublicError('RECURSO_DESCONHECIDO', { detail: '`/erros` lists the codes that there are.' });
    if (contentTypeFor(request) !== 'text/html') throw unknown;
    request.facts.code = unknown.code;
    return answer(request, reply.code(publicErrors[unknown.code].status), codePage(unknown.code), () => ({}));
  });
}

const contentTypeFor = ({ headers }: FastifyRequest): string => {
  const { accept } = headers;
  return new Negotiator({ headers: { accept } }).mediaType(TYPES) ?? JSON_TYPE;
};

const explanationOf = (code: PublicErrorCode): Problem & ErrorHelp => ({ ...problemFor(code), ...errorHelp[code] });

const codePage = (code: PublicErrorCode): Page => {
  const { status, message } = publicErrors[code];
  const { causa, cura } = errorHelp[code];
  return {
    title: `${code} · Pessoa`,
    body: `<article class="prose">
<h1><code>${code}</code></h1>
<dl>
<dt>Causa</dt><dd>${proseToHtml(causa)}</dd>
<dt>O que fazer</dt><dd>${proseToHtml(cura)}</dd>
<dt>Mensagem</dt><dd lang="en">${proseToHtml(message)}</dd>
<dt>Status por REST</dt><dd>${status}</dd>
</dl>
<p>O cabeçalho <code>x-fapi-interaction-id</code> de cada resposta identifica o pedido nos logs. <a href="/erros">Todos os códigos</a>.</p>
</article>`,
  };
};

const listPage: Page = {
  title: 'Erros · Pessoa',
  body: `<article class="prose">
<h1>Erros</h1>
<p>Todo erro tem um destes códigos: em <code>code</code> por REST, em <code>errors[].extensions.code</code> no GraphQL. Decida pelo código; o texto pode mudar.</p>
<div class="scrolls" role="region" aria-label="Códigos" tabindex="0"><table>
<thead><tr><th scope="col">Código</th><th scope="col">Status</th><th scope="col">Causa</th></tr></thead>
<tbody>
${codes
  .map(
    (code) =>
      `<tr><th scope="row"><a href="/erros/${code}"><code>${escapeHtml(code)}</code></a></th><td>${publicErrors[code].status}</td><td>${proseToHtml(errorHelp[code].causa)}</td></tr>`,
  )
  .join('\n')}
</tbody></table></div>
</article>`,
};
