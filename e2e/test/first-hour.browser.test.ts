import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { examplePerson, peopleToTry } from '@pessoa/development/seed/people-to-try/people-to-try';
import { loadDemonstration } from '@pessoa/development/start/demonstration';
import { type Data, systemClock, today } from '@pessoa/domain/data';
import { ensureDevelopmentKeys } from '@pessoa/service/development/development-keys';
import { ownerUrls } from '@pessoa/testkit/test-bases';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const image = (name: string): string => fileURLToPath(new URL(`../../docs/images/${name}.png`, import.meta.url));

let home: string;
let graph: WholeGraph;
let browser: Browser;
let page: Page;
let requests: string[];
let complaints: string[];

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  home = await mkdtemp(join(tmpdir(), 'pessoa-first-hour-'));
  const { jwksFile } = await ensureDevelopmentKeys(home);
  graph = await startWholeGraph({
    env: { PESSOA_HOME: home, JWT_JWKS_URL: pathToFileURL(jwksFile).href, EXAMPLE_CPF: examplePerson.cpf },
    // The router reads the people to try at its start.
    async envFrom(bases) {
      const urls = ownerUrls(bases);
      await loadDemonstration(home, urls, { pessoas: 1, seed: 1, hoje: today(systemClock) as Data });
      return {};
    },
  });
  // The start page differs while the router is not ready.
  while ((await fetch(`${graph.router.url}/health/ready`)).status !== 200) await setTimeout(100);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await graph?.close();
  if (home) await rm(home, { recursive: true });
});

beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
  requests = [];
  complaints = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
});
afterEach(() => page.close());

const open = (path: string) => page.goto(`${graph.router.url}${path}`);
/** Resolves after half a second without a request. Playwright's `networkidle` may wait forever for a worker's request. */
async function settled(): Promise<void> {
  await page.waitForLoadState();
  for (let earlierRequests = -1; earlierRequests !== requests.length;) {
    earlierRequests = requests.length;
    await page.waitForTimeout(500);
  }
}
const elsewhere = () => requests.filter((url) => /^https?:/.test(url) && new URL(url).origin !== graph.router.url);
const screenshot = async (name: string): Promise<void> => {
  if (process.env['UPDATE_SCREENSHOT'] === '1') await page.screenshot({ path: image(name) });
};

describe.each([
  ['/', 'Pessoa'],
  ['/referencia', 'Referência REST'],
  ['/explorador', 'Explorador do grafo'],
  ['/erros', 'Erros'],
  ['/erros/FONTE_INVALIDA', 'FONTE_INVALIDA'],
])('the page %s', (path, heading) => {
  it('loads from this host only, obeys its content security policy, and declares its language', async () => {
    await open(path);
    await page.getByRole('heading', { level: 1, name: heading }).first().waitFor({ state: 'attached' });
    await settled();
    expect(await page.locator('html').getAttribute('lang')).toBe('pt-BR');
    expect(elsewhere()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('fits a phone, and its first keyboard stop leads to the content', async () => {
    await page.setViewportSize({ width: 375, height: 800 });
    await open(path);
    await settled();
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.getAttribute("href")')).toBe('#conteudo');
  });
});

describe('the start page', () => {
  it('shows the services and the people to try, and one click queries one of them', async () => {
    await open('/');
    await page.getByText('Score (Base B): ok').waitFor();
    for (const { cpf, situacao } of peopleToTry) {
      expect(await page.getByRole('row', { name: cpf }).innerText()).toContain(situacao.pt);
    }
    await page.getByRole('button', { name: examplePerson.cpf }).click();
    await page.locator('#resposta').getByText(examplePerson.nome!).waitFor();
    expect(await page.locator('#resposta').innerText()).not.toContain('"errors"');
    expect(page.url()).toBe(`${graph.router.url}/`);
    await screenshot('inicio');
  });
});

describe('the reference', () => {
  it('tries a route with the token of the page', async () => {
    await open('/referencia');
    await page.locator('.opblock-summary-control').first().click();
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.locator('tr[data-param-name="cpf"] input').fill(examplePerson.cpf);
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.locator('.live-responses-table').getByText(examplePerson.nome!).first().waitFor();
    expect(elsewhere()).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
