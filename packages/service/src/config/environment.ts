import { z } from 'zod';
import type { HttpTimes } from '../http/http-server.ts';
import { type ClaimNames, standardClaimNames } from '../identity/claims.ts';
import type { Logger } from '../logging/logger.ts';
import type { MetricsAddress } from '../metrics/metrics.ts';
import { productionFaults, unencryptedVariables } from './production-faults.ts';
import { takeFiles } from './setting-files.ts';
import { wholeNumber } from './whole-number.ts';

/** What is wrong with a variable, without its value. */
export interface Fault {
  readonly name: string;
  readonly message: string;
}

/**
 * What a process reads from its environment, every fault found at once. Values never appear in the message. A process that
 * knows PESSOA_ENV does not start in production with what is only for development.
 *
 * @param faultsTogether finds what is wrong with several variables that are right each for itself
 */
export function readEnvironment<Shape extends z.ZodRawShape>(
  process: string,
  shape: Shape,
  env: NodeJS.ProcessEnv,
  faultsTogether: (set: Readonly<Record<string, string | undefined>>) => readonly Fault[] = () => [],
): z.infer<z.ZodObject<Shape>> {
  const { values, faults } = takeFiles(env, Object.keys(shape));
  const parsed = z.object(shape).safeParse(values);
  const alone = parsed.error?.issues.map(({ path, message }) => ({ name: path.join('.'), message })) ?? [];
  const unsafe = 'PESSOA_ENV' in shape ? productionFaults(values) : [];
  for (const { name, message } of [...alone, ...faultsTogether(values), ...unsafe]) {
    // What a file should have said and did not is one fault, the file's; and what is wrong by itself is no other's.
    if (!faults.has(name)) faults.set(name, `${name}: ${message}`);
  }
  if (parsed.success && faults.size === 0) return parsed.data;
  throw new ConfigError(`${process} cannot start:\n${indented(faults)}`, [...faults.values()]);
}

/**
 * An environment in which each of `names` that was given as `NAME_FILE` is there as `NAME`, and no empty variable is.
 *
 * @throws ConfigError naming every one whose file cannot be taken, never what is in it
 */
export function readFiles(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  const { values, faults } = takeFiles(env, names);
  if (faults.size > 0) {
    throw new ConfigError(`these settings cannot be read:\n${indented(faults)}`, [...faults.values()]);
  }
  return values;
}

const indented = (faults: ReadonlyMap<string, string>): string =>
  [...faults.values()].map((fault) => `  ${fault}`).join('\n');

/** A setting that is missing or wrong; `main` prints its message and nothing else. */
export class ConfigError extends Error {
  /** Each a line that begins with the name of its variable; empty where the message says it otherwise. */
  readonly faults: readonly string[];

  constructor(message: string, faults: readonly string[] = []) {
    super(message);
    this.faults = faults;
  }
}

const key = (value: string): Buffer => Buffer.from(value, 'base64url');
export const listOf = (value: string): string[] => value.split(',').map((one) => one.trim()).filter((one) => one !== ''); // prettier-ignore

const PORT_MAX = 65_535;
const anyPort = wholeNumber(0, PORT_MAX, 'a port');
export const port = (standard: number) => anyPort.default(standard);
/** Of the metrics, a port of their own; `off` serves none. */
export const metricsPort = z.union([z.literal('off'), anyPort], 'is neither a port nor off').optional();
const METRICS_PORT_DISTANCE = 100;
/** @param servicePort the port for clients: by default that of the metrics is 100 above it (below it, where no port is), or a free one as it is */
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
export const millis = (standard: number) => wholeNumber(1, 60_000, 'a whole number of ms').default(standard);
export const postgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'is not a postgresql:// URL' });
const secret = z
  .string('is required: at least 32 bytes in base64url')
  .regex(/^(?:[\w+/-]{4})*(?:[\w+/-]{2,3}={0,2})?$/, 'is not base64url')
  .refine((value) => key(value).byteLength >= 32, 'is shorter than 32 bytes of base64url')
  .transform(key);

/** A name, or an IPv4 or IPv6 address without brackets; whether this machine has it is seen when it is listened on. */
const host = z
  .string()
  .regex(/^[\w.:%-]{1,255}$/, 'is neither a name nor an address')
  .default('127.0.0.1');

/** Comma separated. */
const claimNames = (standard: readonly string[]) =>
  z
    .string()
    .default(standard.join(','))
    .transform(listOf)
    .refine(
      (names) => names.length > 0 && names.every((name) => /^[\w:/.-]{1,100}$/.test(name)),
      'is not a list of names of claims',
    );

/** The variables every process of ours reads. */
export const commonVariables = {
  /** `development` allows development keys, long tokens, pages. */
  PESSOA_ENV: z.enum(['development', 'production'], 'is neither development nor production').default('production'),
  /** Whether callers may ask for the schema; off in production unless set. */
  INTROSPECTION: z.enum(['on', 'off'], 'is neither on nor off').optional(),
  HOST: host,
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent'], 'is not a log level').default('info'),
  JWT_JWKS_URL: z.url({ protocol: /^(https?|file)$/, error: 'is not an http(s) or file URL' }),
  JWT_ISSUER: z.string('is required'),
  JWT_AUDIENCE: z.string('is required'),
  /** Seconds a token may live, from `iat` to `exp`. */
  JWT_MAX_LIFETIME_SECONDS: wholeNumber(1, 86_400, 'a whole number of seconds').default(900),
  /** Types (`typ`) of a token; `absent` is none. */
  JWT_TYPES: z.string().default('at+jwt,JWT,absent').transform(listOf).refine((types) => types.length > 0 && types.every((type) => /^[\w.+/-]{1,100}$/.test(type)), 'is not a list of types'), // prettier-ignore
  /** Claims that hold the scopes. */
  JWT_SCOPE_CLAIMS: claimNames(standardClaimNames.scope),
  /** What the scopes begin with at this issuer. */
  JWT_SCOPE_PREFIX: z.string().max(255).default(standardClaimNames.scopePrefix),
  /** Claims that name the client. */
  JWT_CLIENT_CLAIMS: claimNames(standardClaimNames.client),
  /** Keys the CPF hashes of logs, audit, cursors and caches. The same in every process. */
  CPF_HASH_KEY: secret,
  /** By it the subgraphs know the router. The same in every process. */
  INTERNAL_KEY: secret,
  /** Connections at once to the port for clients; more are closed. */
  MAX_CONNECTIONS: wholeNumber(1, 100_000).default(1_000),
  /** Address of the port for metrics. */
  METRICS_HOST: host,
  /** PostgreSQL role that may insert into the audit. */
  AUDIT_URL: postgresUrl,
  AUDIT_TIMEOUT_MILLIS: millis(1_000),
  /** Clients whose court orders (ORDEM_JUDICIAL) stand for the holder's consent; comma separated. */
  COURT_ORDER_CLIENTS: z.string().default('').transform(listOf),
};

export interface CommonConfig {
  readonly development: boolean;
  readonly introspection: boolean;
  readonly host: string;
  readonly maxConnections: number;
  /** Shorter ones, for tests; no variable sets them. */
  readonly httpTimes?: Partial<HttpTimes>;
  readonly logLevel: z.infer<typeof commonVariables.LOG_LEVEL>;
  readonly jwt: {
    readonly jwksUrl: URL;
    readonly issuer: string;
    readonly audience: string;
    readonly maxLifetimeSeconds: number;
    readonly types: readonly string[];
    readonly claims: ClaimNames;
  };
  readonly cpfHashKey: Uint8Array;
  readonly internalKey: Uint8Array;
  readonly audit: { url: string; timeoutMillis: number };
  readonly courtOrderClients: ReadonlySet<string>;
  /** Variables by which data goes to another machine unencrypted. */
  readonly unencrypted: readonly string[];
}

type CommonValues = z.infer<z.ZodObject<typeof commonVariables>>;

export const commonConfig = (values: CommonValues): CommonConfig => ({
  development: values.PESSOA_ENV === 'development',
  introspection:
    values.INTROSPECTION === 'on' || (values.INTROSPECTION !== 'off' && values.PESSOA_ENV === 'development'),
  host: values.HOST,
  maxConnections: values.MAX_CONNECTIONS,
  logLevel: values.LOG_LEVEL,
  jwt: {
    jwksUrl: new URL(values.JWT_JWKS_URL),
    issuer: values.JWT_ISSUER,
    audience: values.JWT_AUDIENCE,
    maxLifetimeSeconds: values.JWT_MAX_LIFETIME_SECONDS,
    types: values.JWT_TYPES,
    claims: {
      scope: values.JWT_SCOPE_CLAIMS,
      scopePrefix: values.JWT_SCOPE_PREFIX,
      client: values.JWT_CLIENT_CLAIMS,
    },
  },
  cpfHashKey: values.CPF_HASH_KEY,
  internalKey: values.INTERNAL_KEY,
  audit: { url: values.AUDIT_URL, timeoutMillis: values.AUDIT_TIMEOUT_MILLIS },
  courtOrderClients: new Set(values.COURT_ORDER_CLIENTS),
  unencrypted: unencryptedVariables(values),
});

/** Says it once, at the start: whoever runs the service knows whether that network is its own. */
export function warnOfUnencrypted({ unencrypted }: Pick<CommonConfig, 'unencrypted'>, logger: Logger): void {
  if (unencrypted.length === 0) return;
  logger.warn(
    { variaveis: unencrypted },
    'data about people goes to another machine unencrypted: only right in a private network',
  );
}
