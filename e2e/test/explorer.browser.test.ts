import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Cpf } from '@pessoa/domain/cpf';
import { fixedClock } from '@pessoa/domain/data';
import { ensureDevelopmentKeys, mintToken } from '@pessoa/service/development/development-keys';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { type Browser, chromium, type Page } from 'playwright-core';
import { addPerson, newCpf } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const CHROMIUM = '/usr/bin/chromium';
const EMBED = 'https://sandbox.embed.apollographql.com';
/** High enough for the whole answer, because the editor renders only visible lines. */
const VIEWPORT = { width: 1600, height: 1400 };
const SCREENSHOT = fileURLToPath(new URL('../../docs/images/explorador.png', import.meta.url));

/** Texts of the example's answer for the person of this test, at least one from each base. */
const PARTS = ['Bruno Fictício', '1234.56', '"faixa":', '"dataHora":', '"12.50"', '"250.00"'];

/** On a busy machine the first answer may take this long. */
const PATIENCE = Object.fromEntries(
  [
    ...['DEBT', 'SCORE', 'EVENT', 'REQUEST', 'AUDIT', 'AUDIT_READER'].map((name) => `${name}_TIMEOUT_MILLIS`),
    ...['A', 'B', 'C'].flatMap((base) => [`BASE_${base}_ACQUIRE_MILLIS`, `BASE_${base}_STATEMENT_MILLIS`]),
  ].map((name) => [name, '20000']),
);

let home: string;
let graph: WholeGraph;
let browser: Browser;
let page: Page;
let cpf: Cpf;
let requests: { url: string; authorization: string | undefined }[];
let complaints: string[];

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--no-first-run',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  home = await mkdtemp(join(tmpdir(), 'pessoa-explorer-'));
  const { jwksFile } = await ensureDevelopmentKeys(home);
  cpf = newCpf();
  graph = await startWholeGraph({
    clock: fixedClock('2026-11-22T15:00:00Z'),
    env: { ...PATIENCE, PESSOA_HOME: home, JWT_JWKS_URL: pathToFileURL(jwksFile).href, EXAMPLE_CPF: cpf },
  });
  await addPerson(graph, cpf);
});
afterAll(async () => {
  await browser?.close();
  await graph?.close();
  if (home) await rm(home, { recursive: true });
});

beforeEach(async () => {
  page = await browser.newPage({ viewport: VIEWPORT });
  requests = [];
  complaints = [];
  page.on('request', (request) =>
    requests.push({ url: request.url(), authorization: request.headers()['authorization'] }),
  );
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
});
afterEach(() => page.close());

const elsewhere = () =>
  requests.map(({ url }) => url).filter((url) => /^https?:/.test(url) && new URL(url).origin !== graph.router.url);

describe('the offline explorer', () => {
  it('loads from this host only, and one click shows debts, score and events', async () => {
    await page.goto(`${graph.router.url}/explorador`);
    await page.locator('.graphiql-query-editor').getByText('pessoa', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Execute query' }).click();

    const answer = page.locator('.result-window');
    await answer.getByText('250.00').waitFor();
    const answerText = (await answer.innerText()).replaceAll('\u00a0', ' ');
    for (const part of PARTS) expect(answerText).toContain(part);
    expect(answerText).not.toContain('"errors"');
    expect(elsewhere()).toEqual([]);
    expect(complaints).toEqual([]);
    if (process.env['UPDATE_SCREENSHOT'] === '1') await page.screenshot({ path: SCREENSHOT });
  });

  it('reads the schema with the token of the page, and completes and explains fields', async () => {
    await page.goto(`${graph.router.url}/explorador`);
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    const documentation = page.locator('.graphiql-doc-explorer');
    await documentation.getByText('CPF', { exact: true }).click();
    await documentation.getByText('Dígitos verificadores conferidos').waitFor();
  });

  it('leaves neither token nor CPF in the browser’s storage or address', async () => {
    await page.goto(`${graph.router.url}/explorador`);
    await page.locator('.graphiql-query-editor .view-line').first().click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type(`# ${cpf}\n`);
    await page.getByRole('button', { name: 'Execute query' }).click();
    await page.locator('.result-window').getByText('ultimaCompraCartao').waitFor();
    expect(await page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')).toBe('[{},{}]');
    expect(page.url()).toBe(`${graph.router.url}/explorador`);
  });
});

describe('the Sandbox page', () => {
  it("shows the offline explorer with a message when Apollo's host cannot be reached", async () => {
    await page.route('https://**', (route) => route.abort('internetdisconnected'));
    await page.goto(`${graph.router.url}/sandbox`);
    const link = page.locator('header').getByRole('link', { name: 'Explorador sem internet' });
    expect(await link.isVisible()).toBe(true);
    await page.getByRole('alert').waitFor();
    expect(await page.locator('iframe').isVisible()).toBe(false);
    await page.getByRole('alert').getByRole('link', { name: 'explorador sem internet' }).click();
    await page.getByRole('button', { name: 'Execute query' }).waitFor();
    expect(page.url()).toBe(`${graph.router.url}/explorador`);
  });

  // Apollo's own frame is on the internet; this one speaks its protocol (@apollo/sandbox, postMessageRelayHelpers).
  const FRAME = `<!doctype html><pre id="answer" hidden></pre><script>
    const asked = new URL(location.href).searchParams;
    addEventListener('message', ({ data }) => {
      if (data.name !== 'ExplorerResponse') return;
      const answer = document.getElementById('answer');
      answer.textContent = JSON.stringify(data.response);
      answer.hidden = false;
    });
    parent.postMessage({
      name: 'ExplorerRequest',
      operationId: '1',
      operation: asked.get('defaultDocument'),
      variables: JSON.parse(asked.get('defaultVariables')),
      endpointUrl: asked.get('endpoint'),
      headers: {},
    }, '*');
  </script>`;

  it("runs requests for Apollo's frame and adds the token, which the frame never gets", async () => {
    await page.route(`${EMBED}/**`, (route) => route.fulfill({ contentType: 'text/html', body: FRAME }));
    await page.goto(`${graph.router.url}/sandbox`);
    const answer = page.frameLocator('#sandbox iframe').locator('#answer');
    await answer.waitFor();
    const response = JSON.parse((await answer.textContent())!) as { status: number; data: object; errors?: unknown };
    expect(response).toMatchObject({
      status: 200,
      data: {
        pessoa: {
          nome: 'Bruno Fictício',
          score: { valor: expect.any(Number) },
          eventos: { ultimaCompraCartao: { valor: '250.00' } },
        },
      },
    });
    expect(response.errors).toBeUndefined();

    expect(elsewhere()).toHaveLength(1);
    const framed = new URL(elsewhere()[0]!);
    expect(framed.origin).toBe(EMBED);
    expect(framed.searchParams.get('defaultDocument')).toBe(EXAMPLE_QUERY);
    expect(framed.searchParams.get('runTelemetry')).toBe('false');
    const { authorization } = requests.find(({ url }) => url === `${graph.router.url}/graphql`)!;
    expect(authorization).toMatch(/^Bearer /);
    expect(decodeURIComponent(framed.href)).not.toContain(authorization!.slice('Bearer '.length));
    expect(await page.getByRole('alert').isVisible()).toBe(false);
    expect(complaints).toEqual([]);
  });
});

it('GET /graphql never serves a page, with or without a token', async () => {
  const { privateJwk } = await ensureDevelopmentKeys(home);
  for (const authorization of ['', `Bearer ${await mintToken(privateJwk)}`]) {
    const answer = await fetch(`${graph.router.url}/graphql`, { headers: { accept: 'text/html', authorization } });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await answer.text()).not.toContain('<html');
  }
});
