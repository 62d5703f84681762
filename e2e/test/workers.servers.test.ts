import { Agent, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@pessoa/service/processes/free-port';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { fires, observe } from '../src/promtool.ts';
import { processesOf } from '../src/processes-of.ts';
import { until } from '../src/replicated-debt.ts';
import { scrape } from '../src/scraped-metrics.ts';
import { createSystemSandbox, stopRun, type SystemRun, type SystemSandbox, waitUntil } from '../src/started-system.ts';

/** Time enough while new workers take both cores of a small machine: what is late is no lost request. */
const PATIENT = {
  RATE_LIMIT_MILLIS: '1000',
  AUDIT_TIMEOUT_MILLIS: '5000',
  AUDIT_READER_TIMEOUT_MILLIS: '5000',
  ...Object.fromEntries(['BASE_A', 'BASE_B', 'BASE_C'].map((base) => [`${base}_ACQUIRE_MILLIS`, '5000'])),
  ...Object.fromEntries(['BASE_A', 'BASE_B', 'BASE_C'].map((base) => [`${base}_STATEMENT_MILLIS`, '5000'])),
  DEBT_TIMEOUT_MILLIS: '15000',
  SCORE_TIMEOUT_MILLIS: '15000',
  EVENT_TIMEOUT_MILLIS: '15000',
  REQUEST_TIMEOUT_MILLIS: '20000',
};

describe('A system in which each process has two workers', () => {
  let sandbox: SystemSandbox;
  let started: SystemRun;
  let token: string;
  let cpf: string;

  beforeAll(async () => {
    sandbox = await createSystemSandbox();
    Object.assign(sandbox.env, PATIENT, {
      TOPOLOGY: 'separate',
      ROUTER_METRICS_PORT: String(await freePort()),
      WORKERS: '2',
      RATE_LIMIT_REQUESTS: '100000',
      RATE_LIMIT_COST: '0',
    });
    started = await sandbox.start();
    token = /^export TOKEN=(.*)$/m.exec(started.output())![1]!.replaceAll(/['"]/g, '');
    cpf = /"cpf":\s*"(\d{11})"/.exec(started.output())![1]!;
  }, 120_000);
  afterAll(async () => {
    if (started) await stopRun(started);
    await sandbox.remove();
  });

  function ask(agent: Agent): Promise<{ status: number; left: number; body: { data: unknown; errors?: unknown } }> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const sent = request(`${sandbox.url}/graphql`, { method: 'POST', agent, headers }, (response) => {
        const left = Number(/"requests";r=(\d+)/.exec(String(response.headers['ratelimit']))?.[1]);
        json(response).then((body) => resolve({ status: response.statusCode!, left, body: body as never }), reject);
      });
      sent.on('error', reject).end(JSON.stringify({ query: EXAMPLE_QUERY, variables: { cpf } }));
    });
  }

  /** The pids of a service: the primary, then its workers. */
  function pidsOf(service: string): number[] {
    const entries = processesOf(sandbox.home).filter(({ command }) => command.includes(`/${service}/src/main.ts`));
    const primary = entries.find(({ ppid }) => !entries.some(({ pid }) => pid === ppid))!;
    return [primary.pid, ...entries.filter(({ ppid }) => ppid === primary.pid).map(({ pid }) => pid)];
  }

  it('says that a worker ended by itself, and the alert of it fires', async () => {
    const urls = { router: `http://127.0.0.1:${sandbox.env['ROUTER_METRICS_PORT']}` };
    // The system is ready with its first worker: without another one, nobody would listen.
    await until('both workers run', async () => (await scrape(urls.router)).sum('pessoa_workers_running') === 2);
    const before = await observe(urls);
    const [, worker] = pidsOf('router');
    process.kill(worker!, 'SIGKILL');
    await until('the metrics say it', async () => (await scrape(urls.router)).sum('pessoa_workers_ended_total') === 1);
    const after = await observe(urls);
    expect(await fires('PessoaWorkersEnding', before)).toBe(false);
    expect(await fires('PessoaWorkersEnding', before, after)).toBe(true);
    await until('the metrics say it', async () => (await scrape(urls.router)).sum('pessoa_workers_running') === 2);
  });

  it('says that a worker hangs, and the alert of it fires', async () => {
    const urls = { router: `http://127.0.0.1:${sandbox.env['ROUTER_METRICS_PORT']}` };
    const before = await observe(urls);
    const [, worker] = pidsOf('router');
    process.kill(worker!, 'SIGSTOP');
    const after = await observe(urls).finally(() => process.kill(worker!, 'SIGCONT'));
    for (const alert of ['PessoaWorkerHung', 'PessoaWorkersEnding'])
      expect([alert, await fires(alert, before)]).toEqual([alert, false]);
    expect(await fires('PessoaWorkerHung', before, after)).toBe(true);
    expect(await fires('PessoaWorkersEnding', after)).toBe(false); // the system has all its workers
    await until('it answers again', async () => (await scrape(urls.router)).sum('pessoa_workers_hung') === 0);
  });

  it('counts the requests of a client together', async () => {
    for (const service of ['router', 'debt', 'score', 'event']) expect(pidsOf(service)).toHaveLength(3);
    const left: number[] = [];
    for (let count = 0; count < 10; count++) left.push((await ask(new Agent())).left);
    expect(left.map((value) => left[0]! - value)).toEqual(Array.from({ length: 10 }, (_, index) => index));
  });

  it('loses no request while the workers of the router and of a subgraph are replaced', async () => {
    let isOn = true;
    const client = async (agent: Agent): Promise<number> => {
      let count = 0;
      for (; isOn; count++) {
        const { status, body } = await ask(agent);
        expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
        await sleep(Math.random() * 20);
      }
      agent.destroy();
      return count;
    };
    const kept = () => new Agent({ keepAlive: true, maxSockets: 1 });
    const sending = Promise.all([kept(), kept(), kept(), kept(), new Agent(), new Agent()].map(client));
    try {
      for (const service of ['router', 'event']) {
        const [primary, ...old] = pidsOf(service);
        process.kill(primary!, 'SIGUSR2');
        // An old one may still wait for a client that keeps its connection.
        await waitUntil(
          () =>
            pidsOf(service)
              .slice(1)
              .filter((pid) => !old.includes(pid)).length === 2,
        );
        await sleep(3_000);
      }
    } finally {
      isOn = false;
    }
    expect((await sending).every((count) => count > 10)).toBe(true);
  });
});
