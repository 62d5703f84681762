import { pathToFileURL } from 'node:url';
import {
  DEVELOPMENT_TOKEN_SECONDS,
  developmentAudience,
  developmentIssuer,
  developmentLogName,
  type DevelopmentKeys,
} from '@pessoa/service/development/development-keys';
import { isService } from '@pessoa/domain/services';
import { type OptionalPart, environmentWithout } from './disabled-parts.ts';
import type { ServiceSpec } from './services.ts';

/** Connection URLs of the databases, with the roles of the services. */
export interface DatabaseUrls {
  readonly BASE_A_URL: string;
  readonly BASE_B_URL: string;
  readonly BASE_C_URL: string;
  readonly AUDIT_URL: string;
  readonly AUDIT_READER_URL: string;
  /** Undefined when nobody named the role that keeps the log of an external audit. */
  readonly AUDIT_AUDITOR_URL: string | undefined;
}

/** The URL of a service on this machine. For a host that means all interfaces, the URL has the loopback address. */
export function urlOf(host: string, port: number): string {
  const reachableHost = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `http://${reachableHost.includes(':') ? `[${reachableHost}]` : reachableHost}:${port}`;
}

/** The environment of the services: the defaults of `npm start` for a system on one machine, overridden by `env`. */
export function serviceEnvironment(
  env: NodeJS.ProcessEnv,
  system: {
    host: string;
    specs: readonly ServiceSpec[];
    databases: DatabaseUrls;
    keys: Pick<DevelopmentKeys, 'jwksFile' | 'cpfHashKey' | 'internalKey' | 'auditorKey' | 'auditorVrfKey'>;
    disabledParts: readonly OptionalPart[];
  },
): NodeJS.ProcessEnv {
  const { host, specs, databases, keys, disabledParts } = system;
  const urls = Object.fromEntries(
    specs.flatMap(({ name, port }) => {
      if (name === 'router' || name === 'indexer') return [];
      return [[`${name.toUpperCase()}_URL`, `${urlOf(host, port)}${isService(name) ? '/graphql' : ''}`]];
    }),
  );
  const defaults = {
    PESSOA_ENV: 'development',
    // For graphql-js, whose checks for developers of a schema cost CPU on each object.
    NODE_ENV: 'production',
    // One machine with few cores: more connections would only take memory.
    BASE_A_CONNECTIONS: '4',
    BASE_B_CONNECTIONS: '4',
    BASE_C_CONNECTIONS: '4',
    JWT_JWKS_URL: pathToFileURL(keys.jwksFile).href,
    JWT_ISSUER: developmentIssuer,
    JWT_AUDIENCE: developmentAudience,
    // Production refuses so long a lifetime.
    ...(env['PESSOA_ENV'] !== 'production' && { JWT_MAX_LIFETIME_SECONDS: String(DEVELOPMENT_TOKEN_SECONDS) }),
    // The client of `npm run token`, so that a sealed read can be tried.
    ...(env['PESSOA_ENV'] !== 'production' && { SEAL_CLIENTS: 'desenvolvimento' }),
    CPF_HASH_KEY: keys.cpfHashKey,
    INTERNAL_KEY: keys.internalKey,
    AUDITOR_NAME: developmentLogName,
    AUDITOR_KEY: keys.auditorKey,
    AUDITOR_VRF_KEY: keys.auditorVrfKey,
    ...urls,
  };
  return environmentWithout(disabledParts, {
    // A variable of `env` wins over a default, and so does its `_FILE` form.
    ...Object.fromEntries(Object.entries(defaults).filter(([name]) => !env[`${name}_FILE`])),
    ...env,
    HOST: host,
    ...Object.fromEntries(specs.map(({ portVariable, port }) => [portVariable, String(port)])),
    ...databases,
  });
}
