import { examplePerson } from '@pessoa/development/seed/people-to-try/people-to-try';
import { addDays, systemClock, today } from '@pessoa/domain/data';
import { freePort } from '@pessoa/service/processes/free-port';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser, type PersonPageGraph, startPersonPageGraph, storedIn } from '../src/person-page.ts';
import { startTestIssuer, type TestIssuer } from '../src/test-issuer.ts';

/** Seconds. The sessions of one test end while it waits. */
const LIFETIME = 12;

let issuer: TestIssuer;
let graph: PersonPageGraph;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let urls: string[];

beforeAll(async () => {
  browser = await openBrowser();
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  issuer = await startTestIssuer({
    pageOrigin: origin,
    lifetimeSeconds: LIFETIME,
    claims: { consentimento: [{ id: 'c-1', cpf: examplePerson.cpf, ate: addDays(today(systemClock), 30) }] },
  });
  graph = await startPersonPageGraph({
    ROUTER_PORT: String(port),
    ROUTER_METRICS_PORT: '0',
    JWT_FURTHER_ISSUERS: JSON.stringify([issuer.furtherIssuer]),
    OIDC_ISSUER: issuer.url,
    OIDC_CLIENT_ID: issuer.clientId,
    OIDC_CLIENT_SECRET: issuer.clientSecret,
    OIDC_PARAMETERS: issuer.parameters,
    PERSON_PAGE_ORIGIN: origin,
  });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await graph?.close();
  await issuer?.close();
});
beforeEach(async () => {
  context = await browser.newContext();
  page = await context.newPage();
  urls = [];
  page.on('request', (request) => urls.push(request.url()));
});
afterEach(() => context.close());

async function signIn(): Promise<void> {
  await page.goto(graph.pageUrl);
  await page.getByRole('link', { name: 'Entrar', exact: true }).click();
  await page.getByRole('button', { name: 'Entrar como Alice' }).click();
  await page.locator('#finalidade option').first().waitFor({ state: 'attached' }); // the script has run
}

async function consult(): Promise<void> {
  await page.getByLabel('CPF', { exact: true }).fill(examplePerson.cpf);
  await page.getByLabel('Finalidade').selectOption('REVISAO_LIMITE');
  await page.getByRole('button', { name: 'Consultar', exact: true }).click();
}

const sessionCookies = async () =>
  (await context.cookies(graph.router.url)).filter(({ name }) => name.startsWith('pessoa-'));

describe('The sign-in at an issuer', () => {
  it("reads the graph with the user's own token, and the audit names the user", async () => {
    await signIn();
    expect(await page.locator('.usuario').innerText()).toBe('Alice Analista');
    await consult();
    await page.getByRole('heading', { name: examplePerson.nome! }).waitFor();
    expect(await page.locator('#movimentacao').innerText()).toContain('Entradas');
    const { rows } = await graph.bases.auditoria.owner.query(
      "select sujeito, client_id, finalidade, consentimento, resultado from acesso where operacao = 'PaginaDaPessoa'",
    );
    expect(rows).toEqual([
      { sujeito: 'alice', client_id: 'emissor-de-teste/pagina-da-pessoa', finalidade: 'REVISAO_LIMITE', consentimento: 'c-1', resultado: 'ATENDIDO' }, // prettier-ignore
    ]);
  });

  it('uses PKCE, state and nonce, and shows a token to no address, storage or script', async () => {
    await signIn();
    const authorization = new URL(urls.find((url) => url.startsWith(`${issuer.url}/auth`))!).searchParams;
    expect(authorization.get('code_challenge_method')).toBe('S256');
    for (const name of ['code_challenge', 'state', 'nonce']) expect(authorization.get(name)).toMatch(/^[\w-]{43}$/);
    expect(urls.filter((url) => /eyJ|access_token|id_token/.test(url))).toEqual([]);
    expect(page.url()).toBe(graph.pageUrl);
    expect(await storedIn(page)).toBe('[{},{},"",[],[],null]');
    expect(await page.content()).not.toContain('eyJ');
  });

  it('keeps the session in a cookie that no script reads and no other site sends', async () => {
    await signIn();
    const cookies = await sessionCookies();
    expect(cookies.map(({ name }) => name)).toEqual(['pessoa-sessao']); // that of the sign-in is gone
    expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/', domain: '127.0.0.1' });
    expect(Buffer.from(cookies[0]!.value.split('.')[3]!, 'base64url').toString('latin1')).not.toContain('alice');
  });

  it('is refused with the answer of another sign-in, or with the same one again', async () => {
    await page.goto(`${graph.pageUrl}/entrada?code=furtado&state=de-outro`);
    await page.getByText('A entrada não foi concluída').waitFor();
    expect(new URL(page.url()).search).toBe('');
    await page.goto(`${graph.pageUrl}/entrar`);
    await page.goto(`${graph.pageUrl}/entrada?code=furtado&state=de-outro`);
    await page.getByText('A entrada não foi concluída').waitFor();
    expect(await sessionCookies()).toEqual([]);
  });

  it('ends with the session: the screen is cleared, says so, and lets the user sign in again', async () => {
    await signIn();
    await consult();
    await page.getByRole('heading', { name: examplePerson.nome! }).waitFor();
    const dialog = page.getByRole('dialog', { name: 'Sua sessão terminou' });
    await dialog.waitFor({ timeout: (LIFETIME + 5) * 1_000 });
    expect(await page.locator('#resultado').innerText()).toBe('');
    expect(await page.getByLabel('CPF', { exact: true }).inputValue()).toBe('');
    await dialog.getByRole('link', { name: 'Entrar de novo' }).click();
    await page.getByText('Sua sessão terminou. Entre de novo.').waitFor();
    // The issuer still knows the user: no password is asked for.
    await page.getByRole('link', { name: 'Entrar', exact: true }).click();
    await page.getByLabel('CPF', { exact: true }).waitFor();
  });

  it('ends at the page from which it began', async () => {
    await page.goto(`${graph.pageUrl}/lista`);
    await page.getByRole('link', { name: 'Entrar', exact: true }).click();
    await page.getByRole('button', { name: 'Entrar como Alice' }).click();
    await page.getByRole('heading', { name: 'Lista de pessoas' }).waitFor();
    expect(page.url()).toBe(`${graph.pageUrl}/lista`);
  });

  it('ends at the button, here and at the issuer', async () => {
    await signIn();
    await page.getByRole('button', { name: 'Sair' }).click();
    await page.waitForURL(`${issuer.url}/session/end**`);
    expect(await sessionCookies()).toEqual([]);
  });

  it('does not run what a page of another site posts, although the user is signed in', async () => {
    await signIn();
    const other = await context.newPage();
    await other.goto(`${issuer.url}/.well-known/openid-configuration`); // another site
    const outcome = await other.evaluate<string>(`fetch('${graph.pageUrl}/graphql', {
      method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json', 'x-pessoa-pagina': '1' }, body: '{}',
    }).then(({ status }) => String(status), () => 'refused')`);
    expect(outcome).toBe('refused'); // by the browser, at the preflight
    // This one needs no preflight and is sent, without the cookies and without effect.
    await other.evaluate(`fetch('${graph.pageUrl}/sair', { method: 'POST', mode: 'no-cors', credentials: 'include' }).catch(() => undefined)`); // prettier-ignore
    expect(await sessionCookies()).toHaveLength(1);
  });
});
