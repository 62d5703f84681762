import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePort } from '@pessoa/service/processes/free-port';
import { readConfig as readAuditor } from '@pessoa/auditor/config';
import { readConfig as readDebt } from '@pessoa/debt/config';
import { readConfig as readEvent } from '@pessoa/event/config';
import { readConfig as readIndexer } from '@pessoa/indexer/config';
import { pessoaHome } from '@pessoa/operations/system/home';
import { embeddedPostgresPort, scriptEnvironment } from '@pessoa/operations/system/settings';
import { readConfig as readRouter } from '@pessoa/router/config';
import { readConfig as readScore } from '@pessoa/score/config';
import { ConfigError } from '@pessoa/service/config/environment';
import type { OptionalPart } from './disabled-parts.ts';
import { faultsOfHosts, isPort, faultsOfEqualPorts, type PortSetting } from './ports.ts';
import { serviceEnvironment } from './service-environment.ts';
import { type ServiceSpec, serviceSpecs, topologies, type Topology } from './services.ts';

/** The settings of `npm start`, as far as they can be read. */
export interface StartSettings {
  readonly env: NodeJS.ProcessEnv;
  readonly host: string;
  readonly home: string;
  readonly topology: Topology;
  readonly specs: readonly ServiceSpec[];
  /** The services' ports for clients and for metrics. */
  readonly ports: readonly PortSetting[];
  /** Each begins with the name of its variable. When there are none, the system can start. */
  readonly faults: readonly string[];
  readonly isHomeUsable: boolean;
}

const readers = {
  debt: readDebt,
  score: readScore,
  event: readEvent,
  indexer: readIndexer,
  auditor: readAuditor,
  router: readRouter,
} satisfies Record<ServiceSpec['name'], unknown>;

/** Stand for values that exist only later, so that the settings can be checked before. */
const placeholders = {
  databases: {
    BASE_A_URL: 'postgresql://later/base_a',
    BASE_B_URL: 'postgresql://later/base_b',
    BASE_C_URL: 'postgresql://later/base_c',
    AUDIT_URL: 'postgresql://later/auditoria',
    AUDIT_READER_URL: 'postgresql://later/auditoria',
    AUDIT_AUDITOR_URL: 'postgresql://later/auditoria',
  },
  keys: {
    jwksFile: '/later',
    cpfHashKey: randomBytes(32).toString('base64url'),
    internalKey: randomBytes(32).toString('base64url'),
    auditorKey: randomBytes(32).toString('base64url'),
    auditorVrfKey: randomBytes(32).toString('base64url'),
  },
};

/** Reads the settings of every process that will start, and collects all their faults before any process starts. */
export async function readStartSettings(
  processEnv: NodeJS.ProcessEnv,
  disabledParts: readonly OptionalPart[],
): Promise<StartSettings> {
  const faults = new Set<string>();
  const collect = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const fault of error.faults) faults.add(fault);
      return undefined;
    }
  };
  const env = collect(() => scriptEnvironment(processEnv)) ?? processEnv;
  const host = env['HOST'] || '127.0.0.1';
  const home = collect(() => pessoaHome(env)) ?? '';
  const postgresPort = collect(() => embeddedPostgresPort(env));
  const specs = serviceSpecs(env);
  const topology = topologies.find((name) => name === (env['TOPOLOGY'] || 'single'));
  if (!topology) faults.add('TOPOLOGY: is neither separate nor single');
  const { databases, keys } = placeholders;
  const databaseUrls = { ...databases, ...definedOf(env, Object.keys(databases)) };
  // An invalid port would be reported again as part of an invalid URL.
  const validSpecs = specs.map((spec) => (isPort(spec.port) ? spec : { ...spec, port: 1 }));
  const serviceEnv = {
    ...serviceEnvironment(env, { host, specs: validSpecs, databases: databaseUrls, keys, disabledParts }),
    ...definedOf(env, specs.map(({ portVariable }) => portVariable)),
  }; // prettier-ignore
  const metricsPorts = specs.flatMap(({ name, portVariable, port: servicePort }): PortSetting[] => {
    const address = collect(() => readers[name](serviceEnv))?.metricsAddress;
    // With port 0, the port for metrics is any free port too.
    if (!address || servicePort === 0) return [];
    const variable = `${name.toUpperCase()}_METRICS_PORT`;
    return [{ variable, ...address, follows: env[variable] ? undefined : portVariable }];
  });
  const ports = [
    ...specs.map(({ portVariable: variable, port }): PortSetting => ({ variable, host, port })),
    ...metricsPorts,
  ];

  if (env['PESSOA_ENV'] === 'production' && !env['JWT_JWKS_URL']) {
    faults.add(
      'PESSOA_ENV: is production, which refuses the keys that npm start makes: set JWT_JWKS_URL, or leave it out',
    );
  }
  const postgres = postgresPort === undefined ? [] : [{ variable: 'EMBEDDED_POSTGRES_PORT', host, port: postgresPort }];
  for (const fault of faultsOfEqualPorts([...ports, ...postgres])) faults.add(fault);
  const homeFaults = home === '' ? [] : faultsOfHome(home);
  for (const fault of homeFaults) faults.add(fault);
  for (const fault of await faultsOfHosts([['HOST', host], ['METRICS_HOST', serviceEnv['METRICS_HOST']]])) faults.add(fault); // prettier-ignore
  return {
    env,
    host,
    home,
    topology: topology ?? 'single',
    specs: await Promise.all(
      specs.map(async (spec) => ({ ...spec, port: spec.port === 0 ? await freePort() : spec.port })),
    ),
    ports,
    faults: [...faults],
    isHomeUsable: home !== '' && homeFaults.length === 0,
  };
}

const definedOf = (env: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));

const REASONS: Readonly<Record<string, string>> = {
  ENOTDIR: 'a file is where a folder must be',
  EEXIST: 'a file is where a folder must be',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it is on a disk that cannot be written',
  ENOSPC: 'its disk is full',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links go round in a circle',
};

function faultsOfHome(home: string): string[] {
  const faults: string[] = [];
  for (const folder of [home, join(home, 'keys'), join(home, 'logs'), join(home, 'postgres')]) {
    try {
      if (folder === home) mkdirSync(home, { recursive: true });
      else if (!existsSync(folder)) continue;
      if (!statSync(folder).isDirectory()) faults.push(`PESSOA_HOME: ${folder}: ${REASONS['ENOTDIR']}`);
      // PostgreSQL's own user owns its folder when root starts it.
      else accessSync(folder, constants.W_OK | constants.X_OK);
    } catch (error) {
      const code = errorCodeOf(error, folder);
      faults.push(`PESSOA_HOME: ${folder}: ${REASONS[code] ?? `it cannot be used (${code})`}`);
      if (folder === home) break;
    }
  }
  return faults;
}

/** A recursive `mkdir` answers ENOENT for a folder that a disk refuses: the nearest existing parent says why. */
function errorCodeOf(error: unknown, folder: string): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code !== 'ENOENT') return code;
  let ancestor = dirname(folder);
  while (!existsSync(ancestor)) ancestor = dirname(ancestor);
  try {
    accessSync(ancestor, constants.W_OK | constants.X_OK);
    return code;
  } catch (refusal) {
    return (refusal as NodeJS.ErrnoException).code ?? code;
  }
}
