import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { isAskedHere } from './asked-here.ts';
import type { OpenSession, Session } from './session.ts';

export interface Page {
  readonly path: string;
  readonly title: string;
  /** Markup below the header that every page has. */
  readonly body: string;
  readonly styles: readonly string[];
  readonly scripts: readonly string[];
  /** What its Content-Security-Policy allows beyond scripts, styles and requests of our own origin. */
  readonly policy: Readonly<Record<string, string>>;
  /** Given to its scripts, together with the session. */
  readonly data: object;
}

const POLICY = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'", // whatever runs in the page, its token goes nowhere else
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

/** Serves a page with a session of its own at each load. */
export function mountPage(app: FastifyInstance, page: Page, openSession: OpenSession): void {
  const policy = Object.entries({ ...POLICY, ...page.policy }).map((directive) => directive.join(' ')).join('; '); // prettier-ignore
  app.get(page.path, { exposeHeadRoute: false }, async (request, reply) => {
    const html = renderPage(page, await openSession(isAskedHere(request) ? request.hostname : ''));
    return reply
      .header('cache-control', 'no-store') // it carries a token
      .header('content-security-policy', policy)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .type('text/html; charset=utf-8')
      .send(html);
  });
}

const WITH_TOKEN =
  'Every request from this page carries a development token made at this load, good for 12 hours. An <code>authorization</code> header of your own replaces it.';
const WITHOUT_TOKEN =
  'This page brings no token. Put yours under Headers: <code>{ "authorization": "Bearer …" }</code>.';

function renderPage({ title, body, styles, scripts, data }: Page, session: Session): string {
  // Inside a script element only "<" could end it; as an escape it is the same JSON.
  const json = JSON.stringify({ ...data, ...session }).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
${['/explorador/page.css', ...styles].map((href) => `<link rel="stylesheet" href="${href}">`).join('\n')}
</head>
<body>
<header>
<strong>Pessoa</strong>
<nav><a href="/">Apollo Sandbox</a> <a href="/explorador">offline explorer</a> <a href="/openapi.json">REST contract</a></nav>
<p>${session.authorization === '' ? WITHOUT_TOKEN : WITH_TOKEN}</p>
</header>
${body}
<script type="application/json" id="data">${json}</script>
${scripts.map((src) => `<script defer src="${src}"></script>`).join('\n')}
</body>
</html>
`;
}

/** The files that are ours: small, and asked for anew at each load. */
export function mountPageAssets(app: FastifyInstance): void {
  for (const [file, type] of [
    ['page.css', 'text/css'],
    ['sandbox.js', 'text/javascript'],
    ['explorador.js', 'text/javascript'],
  ] as const) {
    const content = readFileSync(new URL(`./browser/${file}`, import.meta.url), 'utf8');
    app.get(`/explorador/${file}`, { exposeHeadRoute: false }, async (_request, reply) =>
      reply
        .header('cache-control', 'no-cache')
        .header('x-content-type-options', 'nosniff')
        .type(`${type}; charset=utf-8`)
        .send(content),
    );
  }
}
