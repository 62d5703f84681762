import type { Cpf } from '@pessoa/domain/cpf';
import type { ListedPerson } from '@pessoa/service/development/demonstration-file';
import { escapeHtml } from '../pages/html.ts';
import type { Page } from '../pages/page.ts';
import { modulesFor } from './browser-files.ts';
import { type PagePath, SIGN_IN_ADDRESSES } from './page-paths.ts';

/** What the page knows of who looks at it. */
export interface PageUser {
  readonly nome: string;
  /** How long the session still lasts. */
  readonly segundosRestantes: number;
  /** The purposes that the user may state. */
  readonly finalidades: readonly string[];
  /** The user's own CPF, when the token is that of a holder, and reads this person alone. */
  readonly titular: Cpf | undefined;
}

interface PageContent {
  readonly user: PageUser;
  /** The ids of the operations that the scripts send. */
  readonly operations: Readonly<Record<string, string>>;
  /** Fictitious people to try; empty outside development. */
  readonly people: readonly ListedPerson[];
}

const STYLES = ['/pessoa/arquivos/pessoa.css'];
const NO_SCRIPT = '<noscript><p class="cartao aviso">Esta página precisa de JavaScript.</p></noscript>';

const userNotice = ({ nome }: PageUser): string =>
  `<span class="usuario">${escapeHtml(nome)}</span> <button type="button" id="sair" class="no-cabecalho">Sair</button>`;

const SESSION_END = `<dialog id="fim" aria-labelledby="fim-titulo"><h2 id="fim-titulo">Sua sessão terminou</h2>
<p>Por segurança, o que estava na tela foi apagado. Entre de novo para continuar.</p>
<p><a class="botao" href="" id="fim-entrar">Entrar de novo</a></p></dialog>`;

/** The page of one person. */
export const personPage = ({ user, ...content }: PageContent): Page => ({
  title: 'Consulta · Pessoa',
  notice: userNotice(user),
  styles: STYLES,
  modules: modulesFor('pessoa-page.js'),
  data: { ...user, ...content },
  body: `<div class="folha">
<h1 class="so-tela">Consulta de pessoa</h1>
<form id="consulta" class="busca cartao so-tela" autocomplete="off" novalidate>
<div class="campo"><label for="cpf">CPF</label>
<input id="cpf" inputmode="numeric" autocomplete="off" spellcheck="false" placeholder="000.000.000-00" aria-describedby="cpf-ajuda" required>
<p id="cpf-ajuda" class="ajuda" aria-live="polite"></p></div>
<div class="campo campo-largo"><label for="finalidade">Finalidade</label>
<select id="finalidade" aria-describedby="finalidade-ajuda finalidade-erro" required></select>
<p id="finalidade-ajuda" class="ajuda">Fica registrada com a consulta, e o titular a vê.</p>
<p id="finalidade-erro" class="ajuda erro" role="alert"></p></div>
<button type="submit" class="botao">Consultar</button>
</form>
<div id="experimentar" class="so-tela"></div>
<div id="situacao" role="status" aria-live="polite"></div>
<div id="resultado"></div>
${NO_SCRIPT}
</div>${SESSION_END}`,
});

/** The list of an analyst: many people in one table. */
export const listPage = ({ user, ...content }: PageContent): Page => ({
  title: 'Lista · Pessoa',
  notice: userNotice(user),
  styles: STYLES,
  modules: modulesFor('lista-page.js'),
  data: { ...user, ...content },
  body: `<div class="folha folha-larga">
<h1>Lista de pessoas</h1>
<form id="lista" class="busca cartao so-tela" autocomplete="off" novalidate>
<div class="campo campo-inteiro"><label for="cpfs">CPFs</label>
<textarea id="cpfs" rows="6" autocomplete="off" spellcheck="false" aria-describedby="cpfs-ajuda" required></textarea>
<p id="cpfs-ajuda" class="ajuda" aria-live="polite">Até 100, um por linha, ou separados por vírgula ou ponto e vírgula.</p></div>
<div class="campo campo-largo"><label for="finalidade">Finalidade</label>
<select id="finalidade" aria-describedby="finalidade-ajuda finalidade-erro" required></select>
<p id="finalidade-ajuda" class="ajuda">Fica registrada com cada consulta, e o titular a vê.</p>
<p id="finalidade-erro" class="ajuda erro" role="alert"></p></div>
<button type="submit" class="botao">Consultar todos</button>
</form>
<div id="situacao" role="status" aria-live="polite"></div>
<div id="resultado"></div>
${NO_SCRIPT}
</div>${SESSION_END}`,
});

/** The page of someone without a session. */
export function signInPage({
  isExpired,
  isDevelopment,
  people,
  path,
}: {
  readonly isExpired: boolean;
  readonly isDevelopment: boolean;
  readonly people: readonly ListedPerson[];
  /** The page that opens after the sign-in. */
  readonly path: PagePath;
}): Page {
  return {
    title: 'Entrar · Pessoa',
    styles: STYLES,
    modules: modulesFor('entrar-page.js'),
    data: { path },
    body: `<div class="folha folha-estreita"><section class="cartao entrada">
<h1>Consulta de pessoa</h1>
${isExpired ? '<p class="faixa-aviso" role="status">Sua sessão terminou. Entre de novo.</p>' : ''}
<p>Score, dívidas, renda, bens e eventos de uma pessoa, por CPF. Toda consulta tem uma finalidade, fica registrada, e o titular a vê.</p>
${isDevelopment ? developmentForm(people) : `<p><a class="botao" href="${SIGN_IN_ADDRESSES[path]}">Entrar</a></p><p class="ajuda">Você entra no sistema de identidade da sua instituição. A sessão dura enquanto valer o acesso que ele der.</p>`}
<p id="situacao" class="ajuda erro" role="alert"></p>
</section>${NO_SCRIPT}</div>`,
  };
}

const developmentForm = (people: readonly ListedPerson[]): string => `<form id="desenvolvimento">
<p class="faixa-desenvolvimento">Desenvolvimento: sem emissor, esta página usa tokens feitos nesta máquina.</p>
<div class="campo campo-inteiro"><label for="como">Entrar como</label>
<select id="como"><option value="">Analista, com todos os acessos</option>
${people
  .filter(({ nome }) => nome !== null)
  .map(({ cpf, nome }) => `<option value="${escapeHtml(cpf)}">Titular: ${escapeHtml(nome!)}</option>`)
  .join('\n')}</select></div>
<button type="submit" class="botao">Entrar (desenvolvimento)</button>
</form>`;

/** The page to which the issuer sends the browser back. Its script ends the sign-in. */
export const callbackPage: Page = {
  title: 'Entrando · Pessoa',
  styles: STYLES,
  modules: ['/pessoa/arquivos/entrada-page.js', '/pessoa/arquivos/graph.js'],
  body: `<div class="folha folha-estreita"><section class="cartao entrada">
<h1>Consulta de pessoa</h1>
<p id="situacao" role="status">Entrando…</p>
<p id="de-novo" hidden><a class="botao" href="/pessoa">Voltar e entrar de novo</a></p>
</section>${NO_SCRIPT}</div>`,
};
