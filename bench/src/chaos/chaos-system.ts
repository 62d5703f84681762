import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyMigrations } from '@pessoa/databases/migrations';
import { loadPopulation } from '@pessoa/development/seed/load-population';
import { serviceEnvironment } from '@pessoa/development/start/service-environment';
import { type ServiceSpec, serviceSpecs } from '@pessoa/development/start/services';
import { systemClock, today } from '@pessoa/domain/data';
import { perBase, serviceNames } from '@pessoa/domain/services';
import { openConnections, ownedDatabases } from '@pessoa/operations/system/connections';
import { ensureDevelopmentKeys, mintToken } from '@pessoa/service/development/development-keys';
import { freePort } from '@pessoa/service/processes/free-port';
import { bareEnvironment } from '@pessoa/testkit/bare-environment';
import { dropIndexes } from '@pessoa/testkit/servers';
import { openTcpRelay, type TcpRelay } from '@pessoa/testkit/tcp-relay';
import { AMPLE_LIMITS, knownCpfs } from '../system.ts';
import { type Disturbable, relayElasticsearch, startPostgresEngine, startRedisEngine } from './engines.ts';
import type { Part } from './parts.ts';
import { type ServiceProcess, serviceProcess } from './service-process.ts';

export const PEOPLE = 100;
const SEED = 2026;
/** How long a copy of a profile is as good as Base B. With an hour, the cache would answer for it all the time. */
const SCORE_COPY_SECONDS = '5';

/** A part that can be disturbed. Without a relay it is neither late nor garbled. */
export type DisturbablePart = Disturbable & { readonly relay?: TcpRelay };

export interface ChaosSystem {
  readonly parts: Readonly<Record<Part, DisturbablePart>>;
  readonly url: string;
  readonly cpfs: readonly string[];
  readonly token: string;
  /** Variables of commands over this system. */
  readonly env: NodeJS.ProcessEnv;
  /** The owner of Base C, and that of the audit, not through a relay. */
  readonly baseCOwnerUrl: string;
  readonly auditOwnerUrl: string;
  /** What ended although nobody ended it. It was started again. */
  readonly crashes: readonly string[];
}

/** Gets what must be closed at the end, the last first. */
export type OnClose = (close: () => Promise<unknown>) => void;

/**
 * Starts a PostgreSQL for each base and for the audit, a Redis, every process of the system, and relays between them.
 *
 * @param logs folder of the processes' logs
 */
export async function startChaosSystem(logs: string, onClose: OnClose): Promise<ChaosSystem> {
  const home = await mkdtemp(join(tmpdir(), 'pessoa-chaos-'));
  onClose(() => rm(home, { recursive: true, force: true }));
  await chmod(home, 0o755); // PostgreSQL's user must be able to enter
  await mkdir(logs, { recursive: true });
  const keys = await ensureDevelopmentKeys(home);
  const start = async <Engine extends Disturbable>(starting: Promise<Engine>): Promise<Engine> => {
    const engine = await starting;
    onClose(() => engine.close());
    return engine;
  };
  const postgres = (name: string) => start(startPostgresEngine(join(home, name)));
  const [baseA, baseB, baseC, audit] = [await postgres('base-a'), await postgres('base-b'), await postgres('base-c'), await postgres('audit')]; // prettier-ignore
  const [redis, elasticsearch] = [await start(startRedisEngine()), await start(relayElasticsearch())];
  await fillBases({ baseA, baseB, baseC, audit });

  const alias = `pessoa-chaos-${randomBytes(6).toString('hex')}`;
  onClose(() => dropIndexes(alias));
  const ports: NodeJS.ProcessEnv = {};
  for (const name of ['ROUTER', 'DEBT', 'SCORE', 'EVENT', 'INDEXER', 'AUDITOR'])
    ports[`${name}_PORT`] = String(await freePort());
  const settings: NodeJS.ProcessEnv = {
    ...bareEnvironment(),
    ...AMPLE_LIMITS,
    ...ports,
    ...Object.fromEntries(Object.keys(ports).map((name) => [name.replace('_PORT', '_METRICS_PORT'), 'off'])),
    PESSOA_HOME: home,
    LOG_LEVEL: 'warn',
    EXPLORER: 'off',
    REDIS_URL: redis.url,
    ELASTICSEARCH_URL: elasticsearch.url,
    SEARCH_ALIAS: alias,
  };
  const relays: Record<string, TcpRelay> = {};
  for (const name of serviceNames) {
    const relay = await openTcpRelay({ host: '127.0.0.1', port: Number(ports[`${name.toUpperCase()}_PORT`]) });
    onClose(() => relay.close());
    relays[name] = relay;
    settings[`${name.toUpperCase()}_URL`] = relay.through('http://host/graphql');
  }
  const specs = serviceSpecs(settings);
  const env = serviceEnvironment(settings, {
    host: '127.0.0.1',
    specs,
    databases: {
      BASE_A_URL: baseA.relay.through(baseA.urls('base_a_reader')),
      BASE_B_URL: baseB.relay.through(baseB.urls('base_b_reader')),
      BASE_C_URL: baseC.relay.through(baseC.urls('base_c_reader')),
      AUDIT_URL: audit.relay.through(audit.urls('auditoria_writer')),
      AUDIT_READER_URL: audit.relay.through(audit.urls('auditoria_reader')),
      AUDIT_AUDITOR_URL: audit.relay.through(audit.urls('auditoria_auditor')),
    },
    keys,
    disabledParts: [],
  });
  const crashes: string[] = [];
  const processes = new Map<ServiceSpec['name'], ServiceProcess & DisturbablePart>();
  for (const spec of specs) {
    const onCrash = (how: string): void => {
      crashes.push(how);
      void started.start();
    };
    const own = spec.name === 'score' ? { ...env, CACHE_TTL_SECONDS: SCORE_COPY_SECONDS } : env;
    const started = serviceProcess(spec, { env: own, logs, onCrash });
    const relay = relays[spec.name];
    processes.set(spec.name, relay ? { ...started, relay } : started);
    onClose(() => started.close());
    await started.start();
  }
  await Promise.all([...processes.values()].map((started) => started.ready()));
  const of = (name: ServiceSpec['name']): ServiceProcess & DisturbablePart => processes.get(name)!;
  const cpfs = knownCpfs(PEOPLE);
  return {
    parts: {
      ...{ 'base-a': baseA, 'base-b': baseB, 'base-c': baseC, audit, redis, elasticsearch },
      ...{ debt: of('debt'), score: of('score'), event: of('event'), indexer: of('indexer'), auditor: of('auditor'), router: of('router') }, // prettier-ignore
    },
    url: of('router').url,
    cpfs,
    env,
    baseCOwnerUrl: baseC.urls('base_c_owner'),
    auditOwnerUrl: audit.urls('auditoria_owner'),
    token: await mintToken(keys.privateJwk, { consentimento: cpfs }),
    crashes,
  };
}

type Engines = Record<'baseA' | 'baseB' | 'baseC' | 'audit', Awaited<ReturnType<typeof startPostgresEngine>>>;

/** Migrates each database in its own server, and loads fictitious people. */
async function fillBases({ baseA, baseB, baseC, audit }: Engines): Promise<void> {
  const owners = {
    baseA: baseA.urls('base_a_owner'),
    baseB: baseB.urls('base_b_owner'),
    baseC: baseC.urls('base_c_owner'),
  };
  const auditOwner = audit.urls('auditoria_owner');
  const connections = await openConnections({
    ...{ BASE_A_URL: owners.baseA, BASE_A_ADMIN_URL: owners.baseA },
    ...{ BASE_B_URL: owners.baseB, BASE_B_ADMIN_URL: owners.baseB },
    ...{ BASE_C_URL: owners.baseC, BASE_C_ADMIN_URL: owners.baseC },
    ...{ AUDIT_URL: auditOwner, AUDIT_ADMIN_URL: auditOwner },
  });
  for (const { adminUrl, migrations, adminSetting } of ownedDatabases(connections))
    await applyMigrations(adminUrl, migrations, adminSetting);
  await loadPopulation(
    perBase((base) => owners[base]),
    { pessoas: PEOPLE, seed: SEED, hoje: today(systemClock) },
  );
}
