import { mkdir, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BaseUrls, ensureEmbeddedBases } from '@pessoa/databases/embedded/embedded-bases';
import { startPostgres } from '@pessoa/databases/embedded/postgres-cluster';
import { freePort } from '@pessoa/service/processes/free-port';
import { signal } from '@pessoa/service/processes/process-table';
import { startRedis } from '@pessoa/testkit/redis-server';
import { elasticsearchServer } from '@pessoa/testkit/servers';
import { openTcpRelay, type TcpRelay } from '@pessoa/testkit/tcp-relay';
import { descendants } from '../memory.ts';

/** An engine or a process that chaos may stop, suspend and start again. */
export interface Disturbable {
  /** Ends it at once, like a crash. */
  kill(): Promise<void>;
  /** Ends it in good order. */
  end(): Promise<void>;
  /** Starts it again after its end. */
  start(): Promise<void>;
  pause(): void;
  resume(): void;
  /** Ends it for good. Works also while it is suspended or has ended. */
  close(): Promise<void>;
}

/** A disturbable that others reach through a relay only. */
export interface RelayedPart extends Disturbable {
  readonly relay: TcpRelay;
}

/** Starts a PostgreSQL of its own, with all bases. */
export async function startPostgresEngine(home: string): Promise<RelayedPart & { readonly urls: BaseUrls }> {
  await mkdir(home, { recursive: true });
  const options = { home, port: await freePort() };
  let cluster = await startPostgres(options);
  const relay = await openTcpRelay(cluster);
  const signalAll = (name: NodeJS.Signals): void => {
    for (const pid of descendants(cluster.pid)) signal(pid, name);
  };
  return {
    urls: await ensureEmbeddedBases(cluster),
    relay,
    async kill() {
      const ended = cluster.ended;
      signal(cluster.pid, 'SIGKILL');
      await ended;
      await cluster.stop(); // releases what guards the server
    },
    end: () => cluster.stop(),
    async start() {
      cluster = await startPostgres(options);
    },
    pause: () => signalAll('SIGSTOP'),
    resume: () => signalAll('SIGCONT'),
    async close() {
      signalAll('SIGCONT');
      await cluster.stop();
      await relay.close();
      await rm(cluster.place.home, { recursive: true, force: true });
    },
  };
}

/** Starts a Redis of its own. */
export async function startRedisEngine(): Promise<RelayedPart & { readonly url: string }> {
  const { port, url, stop, start, pause, resume, close } = await startRedis();
  const relay = await openTcpRelay({ host: '127.0.0.1', port });
  return {
    relay,
    url: relay.through(url),
    kill: stop,
    end: stop, // it stores nothing, so a good order has nothing to do
    start,
    pause,
    resume,
    async close() {
      await relay.close();
      await close();
    },
  };
}

/** As long as a node takes to start. */
const ELASTICSEARCH_START_MILLIS = 5_000;

/** Reaches a shared Elasticsearch through a relay. Only the relay is stopped and suspended: the server goes on for others. */
export async function relayElasticsearch(): Promise<RelayedPart & { readonly url: string }> {
  const server = new URL(elasticsearchServer());
  const relay = await openTcpRelay({ host: server.hostname, port: Number(server.port || 80) });
  const cut = async (): Promise<void> => relay.cut(true);
  return {
    relay,
    url: relay.through(server.href),
    kill: cut,
    async end() {
      await cut();
      await sleep(ELASTICSEARCH_START_MILLIS);
    },
    start: async () => relay.cut(false),
    pause: () => relay.hang(true),
    resume: () => relay.hang(false),
    close: () => relay.close(),
  };
}
