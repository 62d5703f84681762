import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@pessoa/service/processes/free-port';
import { ensureDevelopmentKeys } from '@pessoa/service/development/development-keys';
import { faultsOfNeighbours } from '../../src/start/neighbours.ts';
import { readStartSettings } from '../../src/start/start-settings.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pessoa-neighbours-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('npm start checks the servers that it does not start', () => {
  /** Answers /health/ready with a body, and everything else with a status. */
  async function open(health: unknown, status: number): Promise<{ url: string; close: () => void }> {
    const server = createServer((request, response) => {
      const isHealth = request.url === '/health/ready';
      response.writeHead(isHealth ? 200 : status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isHealth ? health : {}));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
  }
  const neighbours = async (env: NodeJS.ProcessEnv): Promise<string[]> =>
    faultsOfNeighbours(await readStartSettings({ PESSOA_HOME: folder, ...env }, []));
  beforeAll(() => ensureDevelopmentKeys(folder));

  it.each([
    ['another program', { ok: true }, 200, "DEBT_URL: what answers there is not Pessoa's Debt"],
    ['another of our services', { fontes: { score: 'ok' } }, 200, "DEBT_URL: what answers there is not Pessoa's Debt"],
    ['the Debt of another system', { fontes: { divida: 'ok' } }, 401, "DEBT_URL: is the Debt of another system, which does not take this one's tokens"],
    ['a Debt of this system', { fontes: { divida: 'ok' } }, 400, undefined],
  ] as const)('DEBT_URL leads to %s', async (_, health, status, fault) => {
    const server = await open(health, status);
    try {
      expect(await neighbours({ DEBT_URL: `${server.url}/graphql` })).toEqual(fault === undefined ? [] : [fault]);
    } finally {
      server.close();
    }
  }); // prettier-ignore

  it('reports a URL where nothing answers, one without /graphql, and one that is no Elasticsearch', async () => {
    const server = await open({ cluster_name: undefined }, 404);
    try {
      const faults = await neighbours({
        DEBT_URL: `http://127.0.0.1:${await freePort()}/graphql`,
        SCORE_URL: server.url,
        ELASTICSEARCH_URL: server.url,
      });
      expect(faults).toEqual([
        expect.stringMatching(/^DEBT_URL: nothing answers there/),
        'SCORE_URL: does not end in /graphql',
        'ELASTICSEARCH_URL: what answers there is no Elasticsearch',
      ]);
    } finally {
      server.close();
    }
  });
});
