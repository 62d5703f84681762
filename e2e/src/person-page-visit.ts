import { fileURLToPath } from 'node:url';
import { peopleToTry } from '@pessoa/development/seed/people-to-try/people-to-try';
import type { Browser, BrowserContext, Locator, Page, Request } from 'playwright-core';
import { openBrowser, type PersonPageGraph, startPersonPageGraph } from './person-page.ts';

type PersonToTry = (typeof peopleToTry)[number];

const DESKTOP = { width: 1180, height: 900 };
export const PHONE = { width: 375, height: 812 };

/** @param name how the name of a person to try begins */
export const personToTry = (name: string): PersonToTry => peopleToTry.find(({ nome }) => nome?.startsWith(name))!;

/** A browser at the person's page. Each test has a session of its own. */
export class PersonPageVisit {
  graph!: PersonPageGraph;
  page!: Page;
  /** The addresses of all requests. */
  urls: string[] = [];
  /** Errors of the page's scripts, and of the browser about the page. */
  complaints: string[] = [];
  context!: BrowserContext;
  readonly #options: Parameters<typeof startPersonPageGraph>;
  #browser!: Browser;

  constructor(...options: Parameters<typeof startPersonPageGraph>) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#browser = await openBrowser();
    this.graph = await startPersonPageGraph(...this.#options);
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    await this.graph?.close();
  }

  /** Opens a browser window without a session. */
  async open(options: Parameters<Browser['newContext']>[0] = {}): Promise<void> {
    await this.context?.close();
    this.context = await this.#browser.newContext({ viewport: DESKTOP, locale: 'pt-BR', ...options });
    const page = (this.page = await this.context.newPage());
    this.urls = [];
    this.complaints = [];
    page.on('request', (request) => this.urls.push(request.url()));
    page.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()));
    page.setDefaultTimeout(60_000); // a busy machine
    page.on('pageerror', (error) => this.complaints.push(error.message));
  }

  async signIn(holder = ''): Promise<void> {
    await this.page.goto(this.graph.pageUrl);
    await this.page.getByLabel('Entrar como').selectOption(holder);
    await this.page.getByRole('button', { name: 'Entrar (desenvolvimento)' }).click();
    await this.page.locator('#finalidade option').first().waitFor({ state: 'attached' }); // the script has run
  }

  /** Asks for a person and waits for the sheet. */
  async consult({ cpf }: PersonToTry, finalidade = 'CONCESSAO_CREDITO'): Promise<void> {
    await this.page.getByLabel('CPF', { exact: true }).fill(cpf);
    await this.page.getByLabel('Finalidade').selectOption(finalidade);
    await this.page.getByRole('button', { name: 'Consultar', exact: true }).click();
    await this.page.locator('#consultas').waitFor();
  }

  /** Holds the next answer of the graph back until it is let go, and the page has had it. */
  async holdNextAnswer(): Promise<{ isHeld: Promise<void>; letGo(): Promise<void> }> {
    const [held, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let request: Request | undefined;
    await this.page.route(
      '**/pessoa/graphql',
      async (route) => {
        request = route.request();
        const response = await route.fetch();
        held.resolve();
        await free.promise;
        await route.fulfill({ response });
      },
      { times: 1 },
    );
    return {
      isHeld: held.promise,
      letGo: async () => {
        free.resolve();
        await (await request!.response())!.finished();
        // Its scripts have run.
        await this.page.evaluate("fetch('/pessoa/arquivos/csv.js').then((answer) => answer.text())");
      },
    };
  }

  section(id: string): Locator {
    return this.page.locator(`#${id}`);
  }

  async textOf(id: string): Promise<string> {
    return (await this.section(id).innerText()).replaceAll('\u00a0', ' ');
  }

  /**
   * Renews a picture of the documents: the page from its top to the end of a part of it.
   *
   * @param first the part with which the picture begins. Default: the top of the page
   */
  async shot(name: string, last: string, first?: string): Promise<void> {
    if (process.env['UPDATE_SCREENSHOT'] !== '1') return;
    await this.page.evaluate('document.activeElement?.blur()');
    const { width } = this.page.viewportSize()!;
    const edge = (part: string, side: 'top' | 'bottom'): Promise<number> =>
      this.page.evaluate<number>(`document.querySelector('${part}').getBoundingClientRect().${side} + scrollY`);
    const y = first === undefined ? 0 : Math.max(0, Math.floor(await edge(first, 'top')) - 12);
    const height = Math.ceil(await edge(last, 'bottom')) + 12 - y;
    const path = fileURLToPath(new URL(`../../docs/images/${name}.png`, import.meta.url));
    await this.page.screenshot({ path, fullPage: true, clip: { x: 0, y, width, height } });
  }
}

/** A visit for the tests of a file, at a graph with these options. */
export function visitPersonPage(...options: Parameters<typeof startPersonPageGraph>): PersonPageVisit {
  const visit = new PersonPageVisit(...options);
  beforeAll(() => visit.start(), 120_000);
  afterAll(() => visit.close());
  beforeEach(() => visit.open());
  afterEach(() => visit.context.close());
  return visit;
}
