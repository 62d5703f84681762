import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout } from 'node:timers/promises';
import { loadDemonstration } from '@pessoa/development/start/demonstration';
import { type Data, systemClock, today } from '@pessoa/domain/data';
import { ensureDevelopmentKeys, mintToken, type TokenRequest } from '@pessoa/service/development/development-keys';
import { ownerUrls } from '@pessoa/testkit/test-bases';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startWholeGraph, type WholeGraph } from './whole-graph.ts';

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--lang=pt-BR'] });

/** The whole graph with the people to try, whose router serves the person's page. */
export interface PersonPageGraph extends WholeGraph {
  readonly pageUrl: string;
  /** Makes a token that this graph accepts, when users sign in with development tokens. */
  token(request: TokenRequest): Promise<string>;
}

/**
 * @param env further settings; without an issuer among them users sign in with development tokens
 * @param auditor whether an auditor keeps the log of the audit. Default: false
 */
export async function startPersonPageGraph(
  env: Record<string, string> = {},
  { auditor = false } = {},
): Promise<PersonPageGraph> {
  const home = await mkdtemp(join(tmpdir(), 'pessoa-page-'));
  const { jwksFile, privateJwk } = await ensureDevelopmentKeys(home);
  const graph = await startWholeGraph({
    auditor,
    env: { PESSOA_HOME: home, JWT_JWKS_URL: pathToFileURL(jwksFile).href, ...env },
    wiring: 'relayed',
    // The router reads the people to try at its start.
    async envFrom(bases) {
      await loadDemonstration(home, ownerUrls(bases), { pessoas: 1, seed: 1, hoje: today(systemClock) as Data });
      return {};
    },
  });
  await graph.waitUntilIndexed();
  while ((await fetch(`${graph.router.url}/health/ready`)).status !== 200) await setTimeout(100);
  return {
    ...graph,
    pageUrl: `${graph.router.url}/pessoa`,
    token: (request) => mintToken(privateJwk, request),
    async close() {
      await graph.close();
      await rm(home, { recursive: true });
    },
  };
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What a screen reader or a user with poor sight would stumble over, by axe-core: every rule of WCAG 2.2 AA and its best practices. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source); // through the debugger, which the page's policy does not concern
  const violations = await page.evaluate<Violation[]>('axe.run().then(({ violations }) => violations)');
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`)); // prettier-ignore
}

/** The pages of a PDF of Chromium, whose page objects are not compressed. */
export const pagesOf = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;

/** Everything that scripts could have stored. */
export const storedIn = (page: Page): Promise<string> =>
  page.evaluate<string>(`(async () => JSON.stringify([
    { ...localStorage }, { ...sessionStorage }, document.cookie, await caches.keys(), (await indexedDB.databases()).map(({ name }) => name), history.state,
  ]))()`);
