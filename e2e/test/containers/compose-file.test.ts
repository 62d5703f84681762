import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { examplePerson } from '@pessoa/development/seed/people-to-try/people-to-try';
import { scriptVariables } from '@pessoa/operations/system/settings';
import {
  DEVELOPMENT_TOKEN_SECONDS,
  developmentAudience,
  developmentIssuer,
} from '@pessoa/service/development/development-keys';
import {
  type ComposeService,
  engines,
  instructionsOf,
  jobs,
  lastInstruction,
  postgresServers,
  processes,
  readComposeFile,
} from '../../src/compose-file.ts';
import { requiredSettings, settingsByProcess } from '../../src/settings.ts';
import { root } from '../../src/started-system.ts';

const { services, networks, secrets } = readComposeFile();
const names = Object.keys(services);
const serviceOf = (name: string): ComposeService => services[name]!;
const environmentOf = (name: string) => serviceOf(name).environment ?? {};
const plainName = (variable: string): string => variable.replace(/_FILE$/, '');

const sorted = (values: Iterable<string>): string[] => [...values].toSorted();
const servicesWhere = (rule: (service: ComposeService, name: string) => boolean): string[] =>
  names.filter((name) => rule(serviceOf(name), name)).toSorted();

/** The files under /run/secrets that a container gets. */
const mountedSecrets = (name: string): string[] =>
  (serviceOf(name).secrets ?? []).map((secret) =>
    typeof secret === 'string' ? secret : secret.target.replace('/run/secrets/', ''),
  );
/** The files that its settings and its command name. */
function usedSecrets(name: string): string[] {
  const { environment = {}, command = [] } = serviceOf(name);
  const paths = [...Object.values(environment), ...command].flatMap((value) =>
    [...value.matchAll(/\/run\/secrets\/([\w-]+)/g)].map(([, file]) => file!),
  );
  // containers/postgres/roles.sh reads the password of each role that it creates.
  const roles = environment['OWNER'] ? [environment['OWNER'], ...environment['ROLES']!.split(' ')] : [];
  // Elasticsearch finds this file by itself.
  const users = name === 'elasticsearch' ? ['/usr/share/elasticsearch/config/users'] : [];
  return [...paths, ...users, ...roles.map((role) => `${role.replace(/[.:].*/, '').replaceAll('_', '-')}-password`)];
}

describe('docker-compose.yml', () => {
  it('has the engines, processes and jobs that these tests know', () => {
    expect(sorted(names)).toEqual(sorted([...engines, ...processes, ...jobs]));
  });

  it('publishes only the port of the router, on the loopback: TLS ends in front of it', () => {
    expect(servicesWhere(({ ports }) => ports !== undefined)).toEqual(['router']);
    expect(serviceOf('router').ports).toEqual(['127.0.0.1:${PESSOA_PORT:-4000}:4000']);
  });

  it('connects only the users of a base, the audit, the cache or the index to its network', () => {
    const members = Object.fromEntries(
      Object.keys(networks).map((network) => [
        network,
        servicesWhere((service) => service.networks?.includes(network) ?? false),
      ]),
    );
    expect(members).toEqual({
      public: ['router'],
      graph: ['auditor', 'debt', 'event', 'router', 'score'],
      'base-a': ['base-a', 'debt', 'migrate', 'seed'],
      'base-b': ['base-b', 'migrate', 'score', 'seed'],
      'base-c': ['base-c', 'event', 'indexer', 'migrate', 'seed'],
      auditoria: ['auditor', 'auditoria', 'debt', 'event', 'migrate', 'router', 'score'],
      cache: ['debt', 'event', 'invalidate', 'redis', 'router', 'score'],
      index: ['elasticsearch', 'event', 'indexer'],
    });
    expect(servicesWhere((service) => !service.networks)).toEqual(
      servicesWhere((service) => service.network_mode === 'none'),
    );
    expect(servicesWhere((service) => service.network_mode !== undefined)).toEqual(['secrets', 'token']);
  });

  it('has internal networks only, except the router’s own', () => {
    expect(Object.keys(networks).filter((name) => !networks[name]?.internal)).toEqual(['public']);
  });

  it('offers the metrics of every process on its networks, and publishes none', () => {
    expect(servicesWhere((service) => service.environment?.['METRICS_HOST'] === '0.0.0.0')).toEqual(processes);
    const published = names.flatMap((name) => serviceOf(name).ports ?? []).map((port) => port.split(':').at(-1));
    expect(published).toEqual(['4000']);
    const off = processes.filter((name) => environmentOf(name)[`${name.toUpperCase()}_METRICS_PORT`] !== undefined);
    expect(off).toEqual([]);
  });

  it('has an Elasticsearch with passwords, for the users in files only', () => {
    const security = Object.entries(environmentOf('elasticsearch')).filter(([name]) => /^xpack\.security\./.test(name));
    expect(Object.fromEntries(security)).toMatchObject({
      'xpack.security.enabled': 'true',
      'xpack.security.authc.reserved_realm.enabled': 'false',
      'xpack.security.authc.anonymous.roles': 'pessoa_saude',
    });
    for (const name of ['event', 'indexer']) {
      expect(environmentOf(name)['ELASTICSEARCH_URL_FILE']).toBe(`/run/secrets/elasticsearch-${name}-url`);
    }
  });

  it('passes secrets in files only', () => {
    const secretVariable = /PASSWORD|_KEY$|^(AUDIT|BASE_[ABC]|REDIS)_.*URL$|^(REDIS|ELASTICSEARCH)_URL$/;
    const byValue = names.flatMap((name) =>
      Object.entries(environmentOf(name)).flatMap(([variable, value]) =>
        (secretVariable.test(variable) || /:\/\/[^/]*@/.test(value)) && !variable.endsWith('_FILE')
          ? [`${name} ${variable}`]
          : [],
      ),
    );
    expect(byValue).toEqual([]);
    const files = names.flatMap((name) => Object.entries(environmentOf(name)).filter(([key]) => key.endsWith('_FILE')));
    expect(files.filter(([, file]) => !/^\/run\/secrets\/[a-z-]+$/.test(file))).toEqual([]);
    expect(files.length).toBeGreaterThan(20);
  });

  it.each(names)('mounts into %s only the secrets that it uses', (name) => {
    // The token job finds its key in PESSOA_HOME.
    const used = name === 'token' ? ['keys/secrets.json'] : usedSecrets(name);
    expect(sorted(mountedSecrets(name))).toEqual(sorted(new Set(used)));
  });

  it('has every secret in the folder that git ignores', () => {
    const files = Object.values(secrets).map(({ file }) => file);
    expect(files.filter((file) => !file.startsWith('${PESSOA_SECRETS:-./containers/secrets}/'))).toEqual([]);
    expect(readFileSync(join(root, 'containers/secrets/.gitignore'), 'utf8')).toBe('*\n!.gitignore\n');
  });

  it.each(Object.keys(settingsByProcess) as (keyof typeof settingsByProcess)[])(
    'gives %s only variables that its config reads, and all required ones',
    (name) => {
      const knownVariables = Object.keys(settingsByProcess[name]);
      const variables = Object.keys(environmentOf(name)).map(plainName);
      expect(variables.filter((variable) => !knownVariables.includes(variable))).toEqual([]);
      expect(requiredSettings(settingsByProcess[name]).filter((variable) => !variables.includes(variable))).toEqual([]);
    },
  );

  it.each(['migrate', 'seed', 'token'])('gives the job %s only variables that scripts read', (name) => {
    const knownVariables: readonly string[] = scriptVariables;
    const variables = Object.keys(environmentOf(name)).map(plainName);
    expect(variables.length).toBeGreaterThan(0);
    expect(variables.filter((variable) => !knownVariables.includes(variable))).toEqual([]);
  });

  it('gives the job invalidate the operator’s Redis URL and the key of the cache', () => {
    expect(environmentOf('invalidate')).toEqual({
      CPF_HASH_KEY_FILE: '/run/secrets/cpf-hash-key',
      REDIS_URL_FILE: '/run/secrets/redis-operator-url',
    });
  });

  it('is a development system, with its issuer, audience, tokens and example person', () => {
    for (const name of ['debt', 'score', 'event', 'auditor', 'router']) {
      expect(environmentOf(name)).toMatchObject({
        PESSOA_ENV: 'development',
        JWT_ISSUER: developmentIssuer,
        JWT_AUDIENCE: developmentAudience,
        JWT_MAX_LIFETIME_SECONDS: String(DEVELOPMENT_TOKEN_SECONDS),
      });
    }
    expect(environmentOf('router')['EXAMPLE_CPF']).toBe(examplePerson.cpf);
    expect(serviceOf('token').command).toBeUndefined(); // the default token has the consents of the people to try
  });

  it('pins the version of every image that it does not build', () => {
    const pinned = /^[\w./-]+:\d+\.\d+(\.\d+)?(-[a-z]+)?$/;
    expect(servicesWhere(({ build, image }) => !build && !pinned.test(image ?? ''))).toEqual([]);
    expect(servicesWhere(({ build }) => build !== undefined)).toEqual(sorted([...processes, ...jobs]));
  });

  it('runs no container as root', () => {
    expect(
      engines.filter((name) => !/^[a-z]+$/.test(serviceOf(name).user ?? '') || serviceOf(name).user === 'root'),
    ).toEqual([]);
    expect(servicesWhere(({ build, user }) => build !== undefined && user !== undefined)).toEqual([]);
    const targets = names.flatMap((name) => serviceOf(name).build?.target ?? []);
    expect(targets.filter((target) => lastInstruction('USER', instructionsOf(target)) !== 'node')).toEqual([]);
  });

  it('has read-only containers without capabilities', () => {
    // Elasticsearch writes its keystore beside its configuration.
    expect(servicesWhere((service) => service.read_only !== true)).toEqual(['elasticsearch']);
    expect(servicesWhere((service) => service.cap_drop?.join() !== 'ALL' || service.cap_add !== undefined)).toEqual([]);
    expect(servicesWhere((service) => service.security_opt?.join() !== 'no-new-privileges:true')).toEqual([]);
    expect(servicesWhere((service) => service.privileged !== undefined)).toEqual([]);
  });

  it('mounts from the host only the roles of the engines, read only, and the folder of secrets for the job that fills it', () => {
    const hostMounts = names.flatMap((name) =>
      (serviceOf(name).volumes ?? []).filter((volume) => /^[./$~]/.test(volume)).map((volume) => `${name} ${volume}`),
    );
    expect(sorted(hostMounts)).toEqual(
      sorted([
        ...postgresServers.map((name) => `${name} ./containers/postgres:/docker-entrypoint-initdb.d:ro`),
        ...['roles.yml', 'users_roles'].map(
          (file) => `elasticsearch ./containers/elasticsearch/${file}:/usr/share/elasticsearch/config/${file}:ro`,
        ),
        'secrets ${PESSOA_SECRETS:-./containers/secrets}:/secrets',
      ]),
    );
  });

  it('limits memory, processors, processes and logs of every container', () => {
    expect(servicesWhere(({ mem_limit }) => !/^\d+m$/.test(mem_limit ?? ''))).toEqual([]);
    expect(servicesWhere(({ cpus }) => !(cpus && cpus <= 1))).toEqual([]); // more than the host has is an error
    expect(servicesWhere(({ pids_limit }) => !(pids_limit && pids_limit <= 512))).toEqual([]);
    expect(servicesWhere(({ logging }) => !logging?.options['max-size'] || !logging.options['max-file'])).toEqual([]);
  });

  it('has a health check and a restart for every container that stays up', () => {
    expect(engines.filter((name) => !serviceOf(name).healthcheck)).toEqual([]);
    const checked = processes.filter((name) =>
      lastInstruction('HEALTHCHECK', instructionsOf(serviceOf(name).build!.target)),
    );
    expect(checked).toEqual(processes);
    expect(servicesWhere(({ restart }) => restart === 'unless-stopped')).toEqual(sorted([...engines, ...processes]));
    expect(servicesWhere(({ restart }) => restart === 'no')).toEqual(sorted(jobs));
  });

  it('gives processes time to drain before a SIGKILL', () => {
    expect(processes.filter((name) => serviceOf(name).stop_grace_period !== '25s')).toEqual([]);
    expect(processes.filter((name) => serviceOf(name).init !== true)).toEqual([]);
  });

  it('has a container that waits for each job of `up`: otherwise `up --wait` fails when the job ends', () => {
    const conditions = names.flatMap((name) => Object.entries(serviceOf(name).depends_on ?? {}));
    const awaited = conditions.filter(([, { condition }]) => condition === 'service_completed_successfully');
    expect(new Set(awaited.map(([name]) => name))).toEqual(new Set(['migrate', 'seed']));
    expect(servicesWhere(({ profiles }) => profiles !== undefined)).toEqual(['invalidate', 'secrets', 'token']);
  });
});
