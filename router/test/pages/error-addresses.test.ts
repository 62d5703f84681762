import { type PublicErrorCode, publicErrors } from '@pessoa/domain/errors';
import { problemFor } from '@pessoa/rest/problem';
import { createHttpService } from '@pessoa/service/http/http-service';
import { testLog } from '@pessoa/testkit/logs/test-log';
import { mountPages } from '../../src/pages/pages.ts';

const codes = Object.keys(publicErrors) as PublicErrorCode[];
/** The `accept` of Chromium and Firefox. */
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';

/** Creates an HTTP server with the pages of a router in production: without the explorer. */
async function serve() {
  const { app } = createHttpService({ logger: testLog().logger });
  await mountPages(app, undefined);
  return app;
}

const statusAndTypeOf = ({ statusCode, headers }: Awaited<ReturnType<typeof get>>) => ({
  status: statusCode,
  type: headers['content-type'],
});

const get = async (url: string, accept?: string) =>
  (await serve()).inject({ url, headers: accept === undefined ? {} : { accept } });

describe('the address of an error', () => {
  it.each(codes)('that is the type of %s gives its cause and cure, to a browser and to a program', async (code) => {
    const { type } = problemFor(code);
    const html = await get(type, BROWSER);
    expect(statusAndTypeOf(html)).toEqual({ status: 200, type: 'text/html; charset=utf-8' });
    expect(html.body).toContain(`<h1><code>${code}</code></h1>`);
    const json = await get(type, 'application/json');
    expect(json.statusCode).toBe(200);
    expect(json.json()).toEqual({
      ...problemFor(code),
      causa: expect.stringMatching(/.{20}/),
      cura: expect.stringMatching(/.{20}/),
    });
  });

  it.each([
    [undefined, 'application/json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
    ['application/json', 'application/json; charset=utf-8'],
    ['application/problem+json', 'application/problem+json'],
    ['application/problem+json, application/json;q=0.5', 'application/problem+json'],
    ['text/html', 'text/html; charset=utf-8'],
    ['text/html;q=0.5, application/json', 'application/json; charset=utf-8'],
    [BROWSER, 'text/html; charset=utf-8'],
  ])('answers a client that accepts %s with %s', async (accept, type) => {
    for (const url of ['/erros', '/erros/NAO_ENCONTRADO']) {
      const { statusCode, headers } = await get(url, accept);
      expect({ url, statusCode }).toEqual({ url, statusCode: 200 });
      expect(String(headers['content-type'])).toContain(type);
      expect(String(headers.vary)).toContain('accept');
    }
  });

  it.each(['NADA', 'nao_encontrado', 'constructor', '__proto__', 'toString', '%3Cscript%3E', '52998224725'])(
    'that names no code gives RECURSO_DESCONHECIDO, and does not repeat the name: %s',
    async (codigo) => {
      const json = await get(`/erros/${codigo}`);
      expect(json.statusCode).toBe(404);
      expect(json.json()).toMatchObject({ code: 'RECURSO_DESCONHECIDO', type: '/erros/RECURSO_DESCONHECIDO' });
      const html = await get(`/erros/${codigo}`, BROWSER);
      expect(statusAndTypeOf(html)).toEqual({ status: 404, type: 'text/html; charset=utf-8' });
      expect(html.body).toContain('RECURSO_DESCONHECIDO');
      for (const { body } of [json, html]) expect(body).not.toContain(decodeURIComponent(codigo));
    },
  );

  it('without a code lists every code, as a page and as JSON', async () => {
    expect((await get('/erros')).json()).toHaveLength(codes.length);
    const { body } = await get('/erros', BROWSER);
    for (const code of codes) expect(body).toContain(`<a href="/erros/${code}">`);
  });
});

describe('outside development', () => {
  it('reference and errors have no token, and no links to the pages for developers', async () => {
    for (const url of ['/referencia', '/erros', '/erros/NAO_ENCONTRADO']) {
      const { statusCode, body } = await get(url, BROWSER);
      expect({ url, statusCode }).toEqual({ url, statusCode: 200 });
      expect(body).not.toContain('Bearer ey');
      expect(body).not.toMatch(/href="\/(sandbox|explorador)?"/);
    }
  });

  it.each(['/', '/sandbox', '/explorador'])('%s does not exist', async (url) => {
    const { statusCode, headers } = await get(url, BROWSER);
    expect(statusCode).toBe(404);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  });
});
