import { pathToFileURL } from 'node:url';
import {
  DEVELOPMENT_TOKEN_SECONDS,
  developmentAudience,
  developmentIssuer,
  type DevelopmentKeys,
} from '@pessoa/service/development/development-keys';
import { type LeftOut, variablesWithout } from './left-out.ts';
import type { ServiceSpec } from './services.ts';

/** The databases as the services reach them. */
export interface DatabaseUrls {
  readonly BASE_A_URL: string;
  readonly BASE_B_URL: string;
  readonly BASE_C_URL: string;
  readonly AUDIT_URL: string;
  readonly AUDIT_READER_URL: string;
}

/** Of a service on this machine; an address of all interfaces is reached by its loopback. */
export function urlOf(host: string, port: number): string {
  const reached = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

/** What the services read: what `npm start` sets for a system on one machine, and over it whatever is set already. */
export function serviceEnvironment(
  env: NodeJS.ProcessEnv,
  given: {
    host: string;
    specs: readonly ServiceSpec[];
    databases: DatabaseUrls;
    keys: Pick<DevelopmentKeys, 'jwksFile' | 'cpfHashKey' | 'internalKey'>;
    leftOut: readonly LeftOut[];
  },
): NodeJS.ProcessEnv {
  const { host, specs, databases, keys, leftOut } = given;
  const subgraphUrls = Object.fromEntries(
    specs.flatMap(({ name, port }) =>
      name === 'router' || name === 'indexer' ? [] : [[`${name.toUpperCase()}_URL`, `${urlOf(host, port)}/graphql`]],
    ),
  );
  const ours = {
    PESSOA_ENV: 'development',
    JWT_JWKS_URL: pathToFileURL(keys.jwksFile).href,
    JWT_ISSUER: developmentIssuer,
    JWT_AUDIENCE: developmentAudience,
    // Production takes no token that lives so long.
    ...(env['PESSOA_ENV'] !== 'production' && { JWT_MAX_LIFETIME_SECONDS: String(DEVELOPMENT_TOKEN_SECONDS) }),
    CPF_HASH_KEY: keys.cpfHashKey,
    INTERNAL_KEY: keys.internalKey,
    ...subgraphUrls,
  };
  return variablesWithout(leftOut, {
    // Whatever is set in the environment wins, also by its file.
    ...Object.fromEntries(Object.entries(ours).filter(([name]) => !env[`${name}_FILE`])),
    ...env,
    HOST: host,
    ...Object.fromEntries(specs.map(({ portVariable, port }) => [portVariable, String(port)])),
    ...databases,
  });
}
