import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditMigrations } from '@pessoa/audit/migrations';
import { run as verify } from '@pessoa/audit-verifier/run';
import { trustedKeys } from '@pessoa/audit-verifier/trusted-checkpoint';
import { verifyAnswer } from '@pessoa/audit-verifier/verify-records';
import { ensureEmbeddedBases } from '@pessoa/databases/embedded/embedded-bases';
import { startPostgres } from '@pessoa/databases/embedded/postgres-cluster';
import { applyMigrations } from '@pessoa/databases/migrations';
import { freePort } from '@pessoa/service/processes/free-port';
import { signal } from '@pessoa/service/processes/process-table';
import { readPrivateKey } from '@pessoa/transparency-log/notes/private-key';
import { ed25519Signer, formatVerifierKey } from '@pessoa/transparency-log/notes/signed-note';
import { killableProcess, type KillableProcess } from '../src/killable-process.ts';
import { addPerson } from '../src/people.ts';
import { generousTimeouts, startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

/** Three in `npm test`, fifty in `npm run test:generated`. */
const KILLS = generatedCases(50, 3);
const CLIENTS = 4;
/** Every answer has its proof so soon after what was killed is back. */
const PROOF_MILLIS = 30_000;

const LOG_NAME = 'bureau.example/auditoria';

describe('Under load, while processes are killed', () => {
  let graph: WholeGraph;
  let home: string;
  let token: string;
  let cpf: string;
  let routerUrl: string;
  let key: string;
  const parts = new Map<'router' | 'auditor' | 'database', KillableProcess>();

  beforeAll(async () => {
    graph = await startWholeGraph({ wiring: 'relayed' });
    cpf = await addPerson(graph);
    token = await graph.environment.token({ consentimento: [cpf] });
    home = await mkdtemp(join(tmpdir(), 'pessoa-kills-'));
    const auditUrlOf = await startOwnDatabase();
    await applyMigrations(auditUrlOf('auditoria_owner'), auditMigrations);
    const [routerPort, auditorPort] = [await freePort(), await freePort()];
    routerUrl = `http://127.0.0.1:${routerPort}`;
    const auditorUrl = `http://127.0.0.1:${auditorPort}`;
    const auditorKey = randomBytes(32).toString('base64url');
    key = formatVerifierKey(ed25519Signer(LOG_NAME, readPrivateKey(auditorKey)));
    const env = {
      ...process.env, ...graph.environment.env, ...generousTimeouts,
      AUDIT_URL: auditUrlOf('auditoria_writer'), AUDIT_AUDITOR_URL: auditUrlOf('auditoria_auditor'),
      AUDITOR_NAME: LOG_NAME, AUDITOR_KEY: auditorKey, AUDITOR_URL: auditorUrl, AUDITOR_PORT: String(auditorPort), ROUTER_PORT: String(routerPort),
      AUDITOR_METRICS_PORT: 'off', ROUTER_METRICS_PORT: 'off',
      ...Object.fromEntries(Object.entries(graph.relays).map(([name, { url }]) => [`${name.toUpperCase()}_URL`, `${url}/graphql`])),
    }; // prettier-ignore
    parts.set('auditor', killableProcess('auditor/src/main.ts', auditorUrl, env));
    parts.set('router', killableProcess('router/src/main.ts', routerUrl, env));
    await parts.get('auditor')!.start();
    await parts.get('router')!.start();
  }, 120_000);
  afterAll(async () => {
    for (const part of [...parts.values()].toReversed()) await part.kill();
    await graph?.close();
    if (home) await rm(home, { recursive: true, force: true });
  });

  /** A PostgreSQL for the audit alone, which writes what it commits to the disk. */
  async function startOwnDatabase(): Promise<(role: string) => string> {
    const options = { home: join(home, 'postgres'), port: await freePort() };
    let cluster = await startPostgres(options);
    parts.set('database', {
      async start() {
        cluster = await startPostgres(options);
      },
      async kill() {
        signal(cluster.pid, 'SIGKILL');
        await cluster.ended;
        await cluster.stop(); // releases what guards the server
      },
    });
    return ensureEmbeddedBases(cluster);
  }

  const headers = () => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' });

  /** Asks again and again. Adds the interaction id of each answer with data. */
  async function ask(answered: Set<string>, isOver: () => boolean): Promise<void> {
    const body = JSON.stringify({ query: `{ pessoa(cpf: "${cpf}") { nome score { valor } } }` });
    while (!isOver()) {
      try {
        const response = await fetch(`${routerUrl}/graphql`, { method: 'POST', headers: headers(), body });
        const { data } = (await response.json()) as { data?: { pessoa?: { nome?: string } } };
        if (data?.pessoa?.nome) answered.add(response.headers.get('x-fapi-interaction-id')!);
        else await sleep(20);
      } catch {
        await sleep(20); // no answer: the router was killed
      }
    }
  }

  /** Waits for the proof of an answer, and verifies it. @returns how many records the read has */
  async function provenRecords(interacao: string): Promise<number> {
    const until = performance.now() + PROOF_MILLIS;
    for (;;) {
      const response = await fetch(`${routerUrl}/auditoria/provas/${interacao}`, { headers: headers() });
      const text = await response.text();
      if (response.status === 200) return verifyAnswer(text, trustedKeys(key, []), interacao).records.length;
      if (response.status !== 503 || performance.now() > until) throw new Error(`${response.status} ${text}`);
      await sleep(50);
    }
  }

  it(
    `each answer has one record and its proof, and the log is whole, after ${KILLS} kills`,
    async () => {
      const kept = join(home, 'checkpoint');
      const victims = [...parts.keys()];
      for (let kill = 0; kill < KILLS; kill++) {
        const victim = victims[kill % victims.length]!;
        const answered = new Set<string>();
        let isOver = false;
        const asking = Array.from({ length: CLIENTS }, () => ask(answered, () => isOver));
        while (answered.size < 20) await sleep(10);
        await sleep(Math.random() * 300);
        await parts.get(victim)!.kill();
        const before = answered.size;
        await parts.get(victim)!.start();
        while (answered.size < before + 20) await sleep(10);
        isOver = true;
        await Promise.all(asking);
        for (const interacao of answered)
          expect({ victim, interacao, records: await provenRecords(interacao) }).toMatchObject({ records: 1 });
        const since = kill === 0 ? [] : ['--since', kept];
        const whole = await verify(['checkpoint', '--key', key, '--log', `${routerUrl}/auditoria`, '--all', ...since, '--keep', kept]); // prettier-ignore
        expect({ victim, ...whole }).toMatchObject({ exitCode: 0 });
      }
    },
    KILLS * 60_000,
  );
});
