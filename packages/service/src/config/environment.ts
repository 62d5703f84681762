import { z } from 'zod';
import type { HttpTimes } from '../http/http-server.ts';
import { limitVariables, type RateLimitConfig, rateLimitConfig } from '../limits/limit-config.ts';
import { type ThirdPartyCadastro, thirdPartyCadastroValues } from '../identity/third-party-cadastro.ts';
import type { Logger } from '../logging/logger.ts';
import { isNameForLabel } from '../metrics/bounded-labels.ts';
import type { MetricsAddress } from '../metrics/metrics.ts';
import { readTracing, type TracingConfig, tracingVariables } from '../tracing/tracing-settings.ts';
import { isRedisSet, redisFaults } from '../redis/redis-config.ts';
import { type IssuerConfig, issuerFaults, issuerVariables, readIssuers } from './issuer-settings.ts';
import { type PossessionConfig, possessionFaults, possessionVariables, readPossession } from './possession-settings.ts';
import { productionFaults, unencryptedVariables } from './production-faults.ts';
import { resolveSettingFiles } from './setting-files.ts';
import { splitList } from './split-list.ts';
import { wholeNumber } from './whole-number.ts';

/** A variable and what is wrong with it, without its value. */
export interface SettingFault {
  readonly name: string;
  readonly message: string;
}

/**
 * Reads the settings of a process. When `shape` has PESSOA_ENV, it also refuses settings that are unsafe in production. When
 * it has REDIS_URL, it refuses more than one Redis.
 *
 * @param process the name of the process, for the message
 * @param findCombinedFaults finds variables that are valid alone but not together; it gets all variables that are set
 * @throws ConfigError with every fault at once, and never with the value of a variable
 */
export function readEnvironment<Shape extends z.ZodRawShape>(
  process: string,
  shape: Shape,
  env: NodeJS.ProcessEnv,
  findCombinedFaults: (set: Readonly<Record<string, string | undefined>>) => readonly SettingFault[] = () => [],
): z.infer<z.ZodObject<Shape>> {
  const { values, faults } = resolveSettingFiles(env, Object.keys(shape));
  const parsed = z.object(shape).safeParse(values);
  const valueFaults = parsed.error?.issues.map(({ path, message }) => ({ name: path.join('.'), message })) ?? [];
  const combinedFaults = [
    ...findCombinedFaults(values),
    ...('REDIS_URL' in shape ? redisFaults(values) : []),
    ...('WORKERS' in shape ? workersFaults(values) : []),
    ...('JWT_ISSUER' in shape ? [...issuerFaults(values), ...possessionFaults(values)] : []),
  ];
  const unsafeFaults = 'PESSOA_ENV' in shape ? productionFaults(values) : [];
  for (const { name, message } of [...valueFaults, ...combinedFaults, ...unsafeFaults]) {
    // Only the first fault of a variable is reported: a fault of its file, then of its value, then of a combination.
    if (!faults.has(name)) faults.set(name, `${name}: ${message}`);
  }
  if (parsed.success && faults.size === 0) return parsed.data;
  throw new ConfigError(`${process} cannot start:\n${indented(faults)}`, [...faults.values()]);
}

/**
 * Replaces each `NAME_FILE` of the given names by `NAME` with the content of the file, and drops empty variables.
 *
 * @throws ConfigError with every file that cannot be read, and never with the content of a file
 */
export function readSettingFiles(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  const { values, faults } = resolveSettingFiles(env, names);
  if (faults.size > 0) {
    throw new ConfigError(`these settings cannot be read:\n${indented(faults)}`, [...faults.values()]);
  }
  return values;
}

/** Without a Redis, each worker would count the limits of clients alone, and accept the same DPoP proof again. */
const workersFaults = (set: Readonly<Record<string, string | undefined>>): SettingFault[] =>
  Number(set['WORKERS'] ?? 1) > 1 && !isRedisSet(set)
    ? [{ name: 'WORKERS', message: 'above 1 needs a Redis (REDIS_URL), which the workers share' }]
    : [];

const indented = (faults: ReadonlyMap<string, string>): string =>
  [...faults.values()].map((fault) => `  ${fault}`).join('\n');

/** Settings are missing or invalid. A process prints only the message of this error. */
export class ConfigError extends Error {
  /** One line for each fault, which begins with the name of the variable. Empty when only the message says the fault. */
  readonly faults: readonly string[];

  constructor(message: string, faults: readonly string[] = []) {
    super(message);
    this.faults = faults;
  }
}

const decodeKey = (value: string): Buffer => Buffer.from(value, 'base64url');
export { splitList };

const PORT_MAX = 65_535;
const anyPort = wholeNumber(0, PORT_MAX, 'a port');
export const port = (defaultPort: number) => anyPort.default(defaultPort);
/** The port for metrics, or `off` to serve none. */
export const metricsPort = z.union([z.literal('off'), anyPort], 'is neither a port nor off').optional();
const METRICS_PORT_DISTANCE = 100;
/**
 * The address for metrics; undefined when they are off.
 *
 * @param port default: 100 above the port for clients, or 100 below it when that would be above 65,535
 * @param servicePort the port for clients; when it is 0, the default for metrics is a free port too
 */
export function metricsAddress(
  host: string,
  port: number | 'off' | undefined,
  servicePort: number,
): MetricsAddress | undefined {
  if (port === 'off') return undefined;
  if (port !== undefined || servicePort === 0) return { host, port: port ?? 0 };
  const above = servicePort + METRICS_PORT_DISTANCE;
  return { host, port: above <= PORT_MAX ? above : servicePort - METRICS_PORT_DISTANCE };
}
export const millis = (defaultMillis: number) => wholeNumber(1, 60_000, 'a whole number of ms').default(defaultMillis);
export const postgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'is not a postgresql:// URL' });
export const httpUrl = z.url({ protocol: /^https?$/, error: 'is not an http(s) URL' });
const secret = z
  .string('is required: at least 32 bytes in base64url')
  .regex(/^(?:[\w+/-]{4})*(?:[\w+/-]{2,3}={0,2})?$/, 'is not base64url')
  .refine((value) => decodeKey(value).byteLength >= 32, 'is shorter than 32 bytes of base64url')
  .transform(decodeKey);

/** A name, or an IPv4 or IPv6 address without brackets. Whether this machine has the address is checked when it listens. */
const host = z
  .string()
  .regex(/^[\w.:%-]{1,255}$/, 'is neither a name nor an address')
  .default('127.0.0.1');

/** Each has a series for each error code. */
const METRICS_CLIENTS_MAX = 50;

/** The variables that every service reads. */
export const commonVariables = {
  /** `development` allows development keys, tokens that live longer, and pages for developers. */
  PESSOA_ENV: z.enum(['development', 'production'], 'is neither development nor production').default('production'),
  /** Whether callers may ask for the schema. Default: `on` in development, `off` in production. */
  INTROSPECTION: z.enum(['on', 'off'], 'is neither on nor off').optional(),
  HOST: host,
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent'], 'is not a log level').default('info'),
  ...issuerVariables,
  ...possessionVariables,
  /** The key for hashes of CPFs in logs, audit, cursors and caches. It is the same in every process. */
  CPF_HASH_KEY: secret,
  /** The key by which subgraphs recognize the router. It is the same in every process. */
  INTERNAL_KEY: secret,
  /** The most connections to the port for clients at the same time. Further connections are closed. */
  MAX_CONNECTIONS: wholeNumber(1, 100_000).default(1_000),
  /** The processes that share the ports. More than one need a Redis: it holds what they share. */
  WORKERS: wholeNumber(1, 64).default(1),
  /** The address on which metrics are served. */
  METRICS_HOST: host,
  /** Clients that have a series of their own in the metrics; separated by commas. The series of all others is `other`. */
  METRICS_CLIENTS: z
    .string()
    .default('')
    .transform(splitList)
    .refine((clients) => clients.length <= METRICS_CLIENTS_MAX, `names more than ${METRICS_CLIENTS_MAX} clients`)
    .refine((clients) => clients.every(isNameForLabel), 'names a client by what looks like a CPF or a token'),
  /** The audit database, with a role that may insert. */
  AUDIT_URL: postgresUrl,
  AUDIT_TIMEOUT_MILLIS: millis(1_000),
  /** Clients whose court orders (ORDEM_JUDICIAL) replace the consent of the holder; separated by commas. */
  COURT_ORDER_CLIENTS: z.string().default('').transform(splitList),
  /** Clients that may seal their reads (claim `sigilo`); separated by commas. It is the same in every process. */
  SEAL_CLIENTS: z.string().default('').transform(splitList),
  ...limitVariables,
  ...tracingVariables,
  /** What third parties need for cadastral data beside the scope. It is the same in every process. */
  THIRD_PARTY_CADASTRO: z.enum(thirdPartyCadastroValues, 'is neither scope, consent nor never').default('scope'),
};

export interface CommonConfig {
  readonly isDevelopment: boolean;
  readonly allowsIntrospection: boolean;
  readonly host: string;
  readonly maxConnections: number;
  /** Shorter times for tests; no variable sets them. */
  readonly httpTimes?: Partial<HttpTimes>;
  readonly workers: number;
  readonly logLevel: z.infer<typeof commonVariables.LOG_LEVEL>;
  readonly jwt: PossessionConfig & {
    /** The first is that of `JWT_ISSUER`. */
    readonly issuers: readonly IssuerConfig[];
  };
  readonly cpfHashKey: Uint8Array;
  readonly internalKey: Uint8Array;
  readonly audit: { url: string; timeoutMillis: number };
  readonly courtOrderClients: ReadonlySet<string>;
  readonly sealClients: ReadonlySet<string>;
  readonly rateLimits: RateLimitConfig;
  /** Ids of clients with a series of their own in the metrics. */
  readonly metricsClients: ReadonlySet<string>;
  /** Undefined: nothing is traced. */
  readonly tracing: TracingConfig | undefined;
  readonly thirdPartyCadastro: ThirdPartyCadastro;
  /** The names of variables whose URL sends data to another machine without encryption. */
  readonly unencrypted: readonly string[];
}

type CommonValues = z.infer<z.ZodObject<typeof commonVariables>>;

export const commonConfig = (values: CommonValues): CommonConfig => ({
  isDevelopment: values.PESSOA_ENV === 'development',
  allowsIntrospection:
    values.INTROSPECTION === 'on' || (values.INTROSPECTION !== 'off' && values.PESSOA_ENV === 'development'),
  host: values.HOST,
  maxConnections: values.MAX_CONNECTIONS,
  workers: values.WORKERS,
  logLevel: values.LOG_LEVEL,
  jwt: { issuers: readIssuers(values), ...readPossession(values) },
  cpfHashKey: values.CPF_HASH_KEY,
  internalKey: values.INTERNAL_KEY,
  audit: { url: values.AUDIT_URL, timeoutMillis: values.AUDIT_TIMEOUT_MILLIS },
  courtOrderClients: new Set(values.COURT_ORDER_CLIENTS),
  sealClients: new Set(values.SEAL_CLIENTS),
  rateLimits: rateLimitConfig(values),
  metricsClients: new Set(values.METRICS_CLIENTS),
  tracing: readTracing(values),
  thirdPartyCadastro: values.THIRD_PARTY_CADASTRO,
  unencrypted: unencryptedVariables(values),
});

/** Warns at the start, because only the operator knows whether the network is private. */
export function warnOfUnencrypted({ unencrypted }: Pick<CommonConfig, 'unencrypted'>, logger: Logger): void {
  if (unencrypted.length === 0) return;
  logger.warn(
    { variaveis: unencrypted },
    'data about people goes to another machine unencrypted: this is only safe in a private network',
  );
}
