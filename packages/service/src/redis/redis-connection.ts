import { type RedisUse, observeRedis } from '../metrics/call-metrics.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Address of a Redis: one server, the master that sentinels name, or a cluster. */
export type RedisPlace = (
  | { readonly kind: 'single'; readonly url: string }
  | { readonly kind: 'sentinel'; readonly sentinels: readonly HostPort[]; readonly name: string }
  | { readonly kind: 'cluster'; readonly nodes: readonly HostPort[] }
) & { readonly username: string | undefined; readonly password: string | undefined };

export type RedisClient = Redis | Cluster;

const CONNECT_MILLIS = 500;
/** Shortest time between two reconnections after READONLY: each one fails the commands in progress. */
const READONLY_RECONNECT_MILLIS = 1_000;

const reconnectAfterMillis = (attempt: number): number => Math.min(attempt * 100, 1_000);

/**
 * Connects to Redis, and reconnects when necessary. A command fails at once without a connection, and after `commandMillis` without
 * an answer. With its defaults, ioredis would hold a command for a dead server for 73 s.
 *
 * @param options.observe measures the commands; default: nobody does
 * @param options.onChange called with the reason when the server becomes unreachable, and with undefined when it is back
 */
export function connectRedis(
  place: RedisPlace,
  options: {
    commandMillis: number;
    observe?: { readonly metrics: Metrics; readonly use: RedisUse };
    onChange?: (connectionError: Error | undefined) => void;
  },
): RedisClient {
  const client = clientOf(place, options.commandMillis);
  if (options.observe) observeRedis(options.observe.metrics, options.observe.use, client);
  let isLost = false;
  const setLoss = (loss: Error | undefined): void => {
    if (isLost === (loss !== undefined)) return;
    isLost = loss !== undefined;
    options.onChange?.(loss);
  };
  // Without a listener ioredis prints errors. An error of AUTH has the password among its arguments: only the message is used.
  client.on('error', (error: Error) => setLoss(new Error(error.message)));
  client.on('ready', () => setLoss(undefined));
  // ioredis connects to a node of a cluster at its first command, and refuses others until it is connected.
  if (client instanceof Cluster) client.on('+node', (node: Redis) => void node.ping().catch(() => {}));
  return client;
}

/** Resolves when the client is connected. @throws Error after `millis` */
export async function untilReady(client: RedisClient, millis: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let reason = 'no answer';
  const noteReason = (error: Error): void => void (reason = error.message);
  const timer = setTimeout(() => reject(new Error(`the Redis cannot be reached: ${reason}`)), millis);
  client.on('error', noteReason);
  client.once('ready', resolve);
  if (client.status === 'ready') resolve();
  try {
    await promise;
    if (client instanceof Cluster) await Promise.all(client.nodes('master').map((node) => node.ping()));
  } finally {
    clearTimeout(timer);
    client.off('error', noteReason);
    client.off('ready', resolve);
  }
}

function clientOf(place: RedisPlace, commandMillis: number): RedisClient {
  const common: RedisOptions = {
    ...(place.username !== undefined && { username: place.username }),
    ...(place.password !== undefined && { password: place.password }),
    connectTimeout: CONNECT_MILLIS,
    commandTimeout: commandMillis,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // Ends a connection that is dead but was never closed.
    socketTimeout: 10 * commandMillis,
  };
  const options: RedisOptions = {
    ...common,
    enableOfflineQueue: false,
    retryStrategy: reconnectAfterMillis,
    reconnectOnError: reconnectOnReadonly(),
  };
  if (place.kind === 'single') return new Redis(place.url, options);
  if (place.kind === 'sentinel') {
    const { name } = place;
    return new Redis({
      ...options,
      name,
      sentinels: [...place.sentinels],
      sentinelRetryStrategy: reconnectAfterMillis,
      sentinelCommandTimeout: CONNECT_MILLIS,
    });
  }
  const cluster: ClusterOptions = {
    enableOfflineQueue: false,
    clusterRetryStrategy: reconnectAfterMillis,
    clusterNodeRetryStrategy: reconnectAfterMillis,
    slotsRefreshInterval: 1_000,
    slotsRefreshTimeout: CONNECT_MILLIS,
    // A command for a lost node is a miss: waiting for a failover would take longer than reading the base.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    maxRedirections: 3,
    redisOptions: common,
  };
  return new Cluster([...place.nodes], cluster);
}

/** A master that became a replica keeps our connection. A new connection may lead to the new master. */
function reconnectOnReadonly(): (error: Error) => boolean {
  let lastAt = -Infinity;
  return ({ message }) => {
    if (!message.startsWith('READONLY') || performance.now() - lastAt < READONLY_RECONNECT_MILLIS) return false;
    lastAt = performance.now();
    return true;
  };
}
