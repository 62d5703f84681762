import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Where a Redis is: one server, the master that sentinels name, or a cluster. */
export type RedisPlace = (
  | { readonly kind: 'single'; readonly url: string }
  | { readonly kind: 'sentinel'; readonly sentinels: readonly HostPort[]; readonly name: string }
  | { readonly kind: 'cluster'; readonly nodes: readonly HostPort[] }
) & { readonly username: string | undefined; readonly password: string | undefined };

export type RedisClient = Redis | Cluster;

const CONNECT_MILLIS = 500;
/** Between two reconnections for READONLY: each breaks what is under way on the connection. */
const READONLY_RECONNECT_MILLIS = 1_000;

const reconnectAfterMillis = (attempt: number): number => Math.min(attempt * 100, 1_000);

/**
 * A client that never lets a command wait for a connection: without one it fails at once, with one after `commandMillis`.
 * ioredis by itself would keep a command for a dead server 73 s. It connects by itself, and again whenever it must.
 *
 * @param onChange told when the server has become unreachable, with the reason, and with undefined when it is back
 */
export function connectRedis(
  place: RedisPlace,
  options: { commandMillis: number; onChange?: (lost: Error | undefined) => void },
): RedisClient {
  const client = clientOf(place, options.commandMillis);
  let isLost = false;
  const change = (lost: Error | undefined): void => {
    if (isLost === (lost !== undefined)) return;
    isLost = lost !== undefined;
    options.onChange?.(lost);
  };
  // Without a listener ioredis prints them. An error of AUTH carries the password as its command's argument: message only.
  client.on('error', (error: Error) => change(new Error(error.message)));
  client.on('ready', () => change(undefined));
  // ioredis connects to a node of a cluster at its first command, and refuses others until it is connected.
  if (client instanceof Cluster) client.on('+node', (node: Redis) => void node.ping().catch(() => {}));
  return client;
}

/** Resolves when the client can be asked. @throws Error when that takes longer than `millis` */
export async function untilReady(client: RedisClient, millis: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let reason = 'no answer';
  const note = (error: Error): void => void (reason = error.message);
  const timer = setTimeout(() => reject(new Error(`the Redis cannot be reached: ${reason}`)), millis);
  client.on('error', note);
  client.once('ready', resolve);
  if (client.status === 'ready') resolve();
  try {
    await promise;
    if (client instanceof Cluster) await Promise.all(client.nodes('master').map((node) => node.ping()));
  } finally {
    clearTimeout(timer);
    client.off('error', note);
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
    // An answer that does not come may be one of a connection that is dead without having been closed.
    socketTimeout: 10 * commandMillis,
  };
  const alone: RedisOptions = {
    ...common,
    enableOfflineQueue: false,
    retryStrategy: reconnectAfterMillis,
    reconnectOnError: readonlyNowAndThen(),
  };
  if (place.kind === 'single') return new Redis(place.url, alone);
  if (place.kind === 'sentinel') {
    const { name } = place;
    return new Redis({
      ...alone,
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
    // A command that meets a lost node is a miss; waiting for a failover would take longer than the base does.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    maxRedirections: 3,
    redisOptions: common,
  };
  return new Cluster([...place.nodes], cluster);
}

/** A master that became a replica keeps our connection: a new one may lead to the new master. */
function readonlyNowAndThen(): (error: Error) => boolean {
  let lastAt = -Infinity;
  return ({ message }) => {
    if (!message.startsWith('READONLY') || performance.now() - lastAt < READONLY_RECONNECT_MILLIS) return false;
    lastAt = performance.now();
    return true;
  };
}
