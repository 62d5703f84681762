import { type ListedPerson, readDemonstration } from '@pessoa/service/development/demonstration-file';
import type { FastifyInstance } from 'fastify';
import { escapeHtml } from '../pages/html.ts';
import { mountOwnAsset } from '../pages/page.ts';
import { type DeveloperPages, mountDeveloperPage } from './developer-page.ts';

const SCRIPT = '/paginas/inicio.js';

/** Mounts the start page. It shows the state of the sources, people to try, and links to all pages. */
export async function mountStartPage(
  app: FastifyInstance,
  { home, ...pages }: DeveloperPages & { readonly home: string | undefined },
): Promise<void> {
  const people = home === undefined ? [] : ((await readDemonstration(home))?.paraExperimentar ?? []);
  mountOwnAsset(app, SCRIPT, new URL('./browser/inicio.js', import.meta.url));
  mountDeveloperPage(app, '/', pages, { title: 'Pessoa', body: bodyWith(people), scripts: [SCRIPT] });
}

const bodyWith = (people: readonly ListedPerson[]): string => `<article class="prose">
<h1>Pessoa</h1>
<p>Tudo o que um birô de crédito brasileiro sabe de uma pessoa, por CPF: dívidas, score e eventos, em GraphQL e em REST.</p>

<h2>O que está rodando</h2>
<ul id="fontes" class="sources" aria-live="polite"><li><a href="/health/ready">/health/ready</a></li></ul>

<h2>Pessoas para experimentar</h2>
${people.length > 0 ? tableOf(people) : '<p>As bases não são as da demonstração: aqui não se sabe quem está nelas.</p>'}

<h2>Por onde perguntar</h2>
<ul>
<li><a href="/explorador">Explorador</a>: o grafo, sem internet.</li>
<li><a href="/sandbox">Apollo Sandbox</a>: o grafo, com a interface que vem da Apollo.</li>
<li><a href="/referencia">Referência REST</a>: as cinco rotas, para ler e experimentar.</li>
<li><a href="/erros">Erros</a>: causa e cura de cada código.</li>
<li><a href="/openapi.json">OpenAPI</a>, <a href="/health/ready">saúde</a>.</li>
</ul>
<p>No terminal, na pasta do projeto:</p>
<pre><code>TOKEN=$(npm run --silent token)
curl -sS <span id="origem">http://localhost:4000</span>/divida/${people[0]?.cpf ?? 'CPF'} -H "authorization: Bearer $TOKEN"</code></pre>
</article>`;

const tableOf = (
  people: readonly ListedPerson[],
): string => `<p>São fictícias, e as mesmas a cada início. Cada CPF faz uma situação.</p>
<div class="scrolls" role="region" aria-label="Pessoas para experimentar" tabindex="0"><table>
<thead><tr><th scope="col">CPF</th><th scope="col">Situação</th><th scope="col">Nome</th><th scope="col"><span class="visually-hidden">Ação</span></th></tr></thead>
<tbody>
${people.map(rowOf).join('\n')}
</tbody></table></div>
<section id="resposta" aria-live="polite" aria-labelledby="resposta-titulo" hidden>
<h3 id="resposta-titulo"></h3>
<pre tabindex="0"><code></code></pre>
</section>`;

const rowOf = ({ cpf, nome, situacao }: ListedPerson): string => {
  const [cpfHtml, situationHtml] = [escapeHtml(cpf), escapeHtml(situacao)];
  return `<tr><th scope="row"><code>${cpfHtml}</code></th><td>${situationHtml}</td><td>${escapeHtml(nome ?? '')}</td><td><button type="button" data-cpf="${cpfHtml}" data-situacao="${situationHtml}" aria-label="Consultar ${cpfHtml}: ${situationHtml}">Consultar</button></td></tr>`;
};
