import { readFileSync } from 'node:fs';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** A page for people, in Portuguese. */
export interface Page {
  readonly title: string;
  /** HTML below the common header. */
  readonly body: string;
  /** A sentence in the header, as HTML. */
  readonly notice?: string;
  readonly styles?: readonly string[];
  readonly scripts?: readonly string[];
  /** Modules: the first one runs, and the browser loads the others at the same time. */
  readonly modules?: readonly string[];
  /** Directives of the Content-Security-Policy that replace or extend those of `POLICY`. */
  readonly policy?: Readonly<Record<string, string>>;
  /** Scripts of the page find it as JSON in the element `data`. */
  readonly data?: object;
  /** True if the page fills the window and only its parts scroll. Default: false. */
  readonly fillsWindow?: boolean;
}

/** A link in the header. */
export interface PageLink {
  readonly href: string;
  readonly text: string;
}

/** Links to the pages about people, which need a session. */
export const personLinks: readonly PageLink[] = [
  { href: '/pessoa', text: 'Consulta' },
  { href: '/pessoa/lista', text: 'Lista' },
];

/** Links to the pages that every router serves. They hold no personal data. */
export const publicLinks: readonly PageLink[] = [
  { href: '/referencia', text: 'Referência REST' },
  { href: '/erros', text: 'Erros' },
  { href: '/openapi.json', text: 'OpenAPI' },
];

/** Links of a router that also serves the pages for developers. */
export const developerLinks: readonly PageLink[] = [
  { href: '/', text: 'Início' },
  { href: '/sandbox', text: 'Apollo Sandbox' },
  { href: '/explorador', text: 'Explorador sem internet' },
  ...publicLinks,
];

const POLICY = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'", // scripts cannot send the page's token to another origin
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

/** Sends a page. No cache may store it, because it may hold a token. */
export function sendPage(reply: FastifyReply, page: Page, links: readonly PageLink[]): FastifyReply {
  const policy = Object.entries({ ...POLICY, ...page.policy }).map((directive) => directive.join(' ')).join('; '); // prettier-ignore
  return reply
    .header('cache-control', 'no-store')
    .header('content-security-policy', policy)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .type('text/html; charset=utf-8')
    .send(renderPage(page, links));
}

function renderPage(page: Page, links: readonly PageLink[]): string {
  const { title, body, notice, styles = [], scripts = [], modules = [], data = {}, fillsWindow = false } = page;
  // Only "<" could end the script element. The escape means the same in JSON.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  const nav = links.map(({ href, text }) => `<a href="${href}">${text}</a>`).join(' ');
  return `<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
${['/paginas/page.css', ...styles].map((href) => `<link rel="stylesheet" href="${href}">`).join('\n')}
${modules.map((href) => `<link rel="modulepreload" href="${href}">`).join('\n')}
</head>
<body${fillsWindow ? ' class="fills-window"' : ''}>
<a class="skip" href="#conteudo">Ir para o conteúdo</a>
<header>
<strong>Pessoa</strong>
<nav aria-label="Páginas">${nav}</nav>
${notice === undefined ? '' : `<div class="notice">${notice}</div>`}
</header>
<main id="conteudo" tabindex="-1">
${body}
</main>
<script type="application/json" id="data">${json}</script>
${scripts.map((src) => `<script defer src="${src}"></script>`).join('\n')}
${modules[0] === undefined ? '' : `<script type="module" src="${modules[0]}"></script>`}
</body>
</html>
`;
}

/** Serves a small file of this repository. Browsers ask for it again at each load. */
export function mountOwnAsset(app: FastifyInstance, path: string, file: URL): void {
  const content = readFileSync(file, 'utf8');
  const type = path.endsWith('.css') ? 'text/css' : 'text/javascript';
  app.get(path, async (_request, reply) =>
    reply
      .header('cache-control', 'no-cache')
      .header('x-content-type-options', 'nosniff')
      .type(`${type}; charset=utf-8`)
      .send(content),
  );
}
