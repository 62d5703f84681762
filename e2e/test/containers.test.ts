import { execFile } from 'node:child_process';
import { createHash, pbkdf2Sync } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { examplePerson } from '@pessoa/development/seed/people-to-try/people-to-try';
import { scriptVariables } from '@pessoa/operations/system/settings';
import {
  DEVELOPMENT_TOKEN_SECONDS,
  developmentAudience,
  developmentIssuer,
} from '@pessoa/service/development/development-keys';
import { cacheUsers } from '@pessoa/testkit/redis-server';
import {
  type ComposeService,
  instructionsOf,
  lastInstruction,
  readComposeFile,
  readDockerfile,
} from '../src/compose-file.ts';
import { defaultOf, requiredSettings, settingsByProcess } from '../src/settings.ts';
import { root } from '../src/started-system.ts';

const { services, networks, secrets } = readComposeFile();
const names = Object.keys(services);
const called = (name: string): ComposeService => services[name]!;
const environmentOf = (name: string) => called(name).environment ?? {};
const plainName = (variable: string): string => variable.replace(/_FILE$/, '');

const postgres = ['auditoria', 'base-a', 'base-b', 'base-c'];
const engines = [...postgres, 'elasticsearch', 'redis'];
const processes = ['debt', 'event', 'indexer', 'router', 'score'];
/** Run once and end: the first two at every `up`, the others when asked for. */
const jobs = ['invalidate', 'migrate', 'seed', 'secrets', 'token'];

const sorted = (values: Iterable<string>): string[] => [...values].toSorted();
const where = (rule: (service: ComposeService, name: string) => boolean): string[] =>
  names.filter((name) => rule(called(name), name)).toSorted();

/** The files under /run/secrets that a container is given, and those that its settings or its command name. */
const given = (name: string): string[] =>
  (called(name).secrets ?? []).map((secret) =>
    typeof secret === 'string' ? secret : secret.target.replace('/run/secrets/', ''),
  );
function named(name: string): string[] {
  const { environment = {}, command = [] } = called(name);
  const paths = [...Object.values(environment), ...command].flatMap((text) =>
    [...text.matchAll(/\/run\/secrets\/([\w-]+)/g)].map(([, file]) => file!),
  );
  // containers/postgres/roles.sh takes the password of each role that it makes.
  const roles = environment['OWNER'] ? [environment['OWNER'], ...environment['ROLES']!.split(' ')] : [];
  // Elasticsearch has the place of the file in itself.
  const users = name === 'elasticsearch' ? ['/usr/share/elasticsearch/config/users'] : [];
  return [...paths, ...users, ...roles.map((role) => `${role.replace(/:.*/, '').replaceAll('_', '-')}-password`)];
}

describe('docker-compose.yml', () => {
  it('has the containers that this test knows', () => {
    expect(sorted(names)).toEqual(sorted([...engines, ...processes, ...jobs]));
  });

  it('opens one door, the router’s, and on the loopback: TLS ends in front of it', () => {
    expect(where(({ ports }) => ports !== undefined)).toEqual(['router']);
    expect(called('router').ports).toEqual(['127.0.0.1:${PESSOA_PORT:-4000}:4000']);
  });

  it('lets nobody onto the network of a base, the audit, the cache or the index but those who use it', () => {
    const members = Object.fromEntries(
      Object.keys(networks).map((network) => [
        network,
        where((service) => service.networks?.includes(network) ?? false),
      ]),
    );
    expect(members).toEqual({
      public: ['router'],
      graph: ['debt', 'event', 'router', 'score'],
      'base-a': ['base-a', 'debt', 'migrate', 'seed'],
      'base-b': ['base-b', 'migrate', 'score', 'seed'],
      'base-c': ['base-c', 'event', 'indexer', 'migrate', 'seed'],
      auditoria: ['auditoria', 'debt', 'event', 'migrate', 'router', 'score'],
      cache: ['event', 'invalidate', 'redis', 'score'],
      index: ['elasticsearch', 'event', 'indexer'],
    });
    expect(where((service) => !service.networks)).toEqual(where((service) => service.network_mode === 'none'));
    expect(where((service) => service.network_mode !== undefined)).toEqual(['secrets', 'token']);
  });

  it('has no way out of any network but the router’s own', () => {
    expect(Object.keys(networks).filter((name) => !networks[name]?.internal)).toEqual(['public']);
  });

  it('has the metrics of every process where others on its networks reach them, and publishes none', () => {
    expect(where((service) => service.environment?.['METRICS_HOST'] === '0.0.0.0')).toEqual(processes);
    const published = names.flatMap((name) => called(name).ports ?? []).map((port) => port.split(':').at(-1));
    expect(published).toEqual(['4000']);
    const off = processes.filter((name) => environmentOf(name)[`${name.toUpperCase()}_METRICS_PORT`] !== undefined);
    expect(off).toEqual([]);
  });

  it('has Elasticsearch ask for a password, of users that files name, and of no other', () => {
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

  it('hands secrets over by file alone', () => {
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

  it.each(names)('gives %s the secrets that it uses, and no other', (name) => {
    // The token's key is found by its place in PESSOA_HOME.
    const used = name === 'token' ? ['keys/secrets.json'] : named(name);
    expect(sorted(given(name))).toEqual(sorted(new Set(used)));
  });

  it('has every secret in the folder that is kept out of the repository', () => {
    const files = Object.values(secrets).map(({ file }) => file);
    expect(files.filter((file) => !file.startsWith('${PESSOA_SECRETS:-./containers/secrets}/'))).toEqual([]);
    expect(readFileSync(join(root, 'containers/secrets/.gitignore'), 'utf8')).toBe('*\n!.gitignore\n');
  });

  it.each(Object.keys(settingsByProcess) as (keyof typeof settingsByProcess)[])(
    'gives %s no variable but those that its config reads, and each without which it does not start',
    (name) => {
      const known = Object.keys(settingsByProcess[name]);
      const variables = Object.keys(environmentOf(name)).map(plainName);
      expect(variables.filter((variable) => !known.includes(variable))).toEqual([]);
      expect(requiredSettings(settingsByProcess[name]).filter((variable) => !variables.includes(variable))).toEqual([]);
    },
  );

  it.each(['migrate', 'seed', 'token'])('gives the job %s no variable but those that scripts read', (name) => {
    const known: readonly string[] = scriptVariables;
    const variables = Object.keys(environmentOf(name)).map(plainName);
    expect(variables.length).toBeGreaterThan(0);
    expect(variables.filter((variable) => !known.includes(variable))).toEqual([]);
  });

  it('gives the job invalidate the Redis, as its operator, and the key by which the cache knows people', () => {
    expect(environmentOf('invalidate')).toEqual({
      CPF_HASH_KEY_FILE: '/run/secrets/cpf-hash-key',
      REDIS_URL_FILE: '/run/secrets/redis-operator-url',
    });
  });

  it('is a development system: its issuer, its audience, its tokens, its person', () => {
    for (const name of ['debt', 'score', 'event', 'router']) {
      expect(environmentOf(name)).toMatchObject({
        PESSOA_ENV: 'development',
        JWT_ISSUER: developmentIssuer,
        JWT_AUDIENCE: developmentAudience,
        JWT_MAX_LIFETIME_SECONDS: String(DEVELOPMENT_TOKEN_SECONDS),
      });
    }
    expect(environmentOf('router')['EXAMPLE_CPF']).toBe(examplePerson.cpf);
    expect(called('token').command).toBeUndefined(); // the default token has the consents of the people to try
  });

  it('pins every image to one version, or builds it here', () => {
    const pinned = /^[\w./-]+:\d+\.\d+(\.\d+)?(-[a-z]+)?$/;
    expect(where(({ build, image }) => !build && !pinned.test(image ?? ''))).toEqual([]);
    expect(where(({ build }) => build !== undefined)).toEqual(sorted([...processes, ...jobs]));
  });

  it('runs nobody as root', () => {
    expect(engines.filter((name) => !/^[a-z]+$/.test(called(name).user ?? '') || called(name).user === 'root')).toEqual(
      [],
    );
    expect(where(({ build, user }) => build !== undefined && user !== undefined)).toEqual([]);
    const targets = names.flatMap((name) => called(name).build?.target ?? []);
    expect(targets.filter((target) => lastInstruction('USER', instructionsOf(target)) !== 'node')).toEqual([]);
  });

  it('lets nobody write to an image, have a capability or gain one', () => {
    // It writes its keystore beside its configuration.
    expect(where((service) => service.read_only !== true)).toEqual(['elasticsearch']);
    expect(where((service) => service.cap_drop?.join() !== 'ALL' || service.cap_add !== undefined)).toEqual([]);
    expect(where((service) => service.security_opt?.join() !== 'no-new-privileges:true')).toEqual([]);
    expect(where((service) => service.privileged !== undefined)).toEqual([]);
  });

  it('mounts nothing of the host but the roles of the databases and of Elasticsearch, read only, and the folder for the job that fills it', () => {
    const hostMounts = names.flatMap((name) =>
      (called(name).volumes ?? []).filter((volume) => /^[./$~]/.test(volume)).map((volume) => `${name} ${volume}`),
    );
    expect(sorted(hostMounts)).toEqual(
      sorted([
        ...postgres.map((name) => `${name} ./containers/postgres:/docker-entrypoint-initdb.d:ro`),
        ...['roles.yml', 'users_roles'].map(
          (file) => `elasticsearch ./containers/elasticsearch/${file}:/usr/share/elasticsearch/config/${file}:ro`,
        ),
        'secrets ${PESSOA_SECRETS:-./containers/secrets}:/secrets',
      ]),
    );
  });

  it('bounds memory, processors, processes and logs of every container', () => {
    expect(where(({ mem_limit }) => !/^\d+m$/.test(mem_limit ?? ''))).toEqual([]);
    expect(where(({ cpus }) => !(cpus && cpus <= 1))).toEqual([]); // more than the host has is an error
    expect(where(({ pids_limit }) => !(pids_limit && pids_limit <= 512))).toEqual([]);
    expect(where(({ logging }) => !logging?.options['max-size'] || !logging.options['max-file'])).toEqual([]);
  });

  it('asks every container that stays up for its health, and starts it again when it ends', () => {
    expect(engines.filter((name) => !called(name).healthcheck)).toEqual([]);
    const checked = processes.filter((name) =>
      lastInstruction('HEALTHCHECK', instructionsOf(called(name).build!.target)),
    );
    expect(checked).toEqual(processes);
    expect(where(({ restart }) => restart === 'unless-stopped')).toEqual(sorted([...engines, ...processes]));
    expect(where(({ restart }) => restart === 'no')).toEqual(sorted(jobs));
  });

  it('gives processes time to drain before they are killed', () => {
    expect(processes.filter((name) => called(name).stop_grace_period !== '25s')).toEqual([]);
    expect(processes.filter((name) => called(name).init !== true)).toEqual([]);
  });

  it('has somebody wait for each job that runs at start, without which `up --wait` fails when it ends', () => {
    const conditions = names.flatMap((name) => Object.entries(called(name).depends_on ?? {}));
    const awaited = conditions.filter(([, { condition }]) => condition === 'service_completed_successfully');
    expect(new Set(awaited.map(([name]) => name))).toEqual(new Set(['migrate', 'seed']));
    expect(where(({ profiles }) => profiles !== undefined)).toEqual(['invalidate', 'secrets', 'token']);
  });
});

describe('the Dockerfile', () => {
  const stages = readDockerfile();
  const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    workspaces: string[];
    dependencies: { node: string };
  };

  it('stands on the Node that the project has, of one version, and on no other image', () => {
    const own = stages.map(({ name }) => name);
    const images = stages.map(({ from }) => from).filter((from) => !own.includes(from));
    expect(images).toEqual([`node:${packageJson.dependencies.node}-bookworm-slim`]);
  });

  it('has a target for each image of docker-compose.yml', () => {
    const targets = new Set(names.flatMap((name) => called(name).build?.target ?? []));
    expect(sorted(targets)).toEqual(sorted([...processes, 'operations', 'demonstration']));
    for (const target of targets) expect(stages.map(({ name }) => name)).toContain(target);
  });

  it('knows every workspace of the lock', () => {
    const manifests = packageJson.workspaces.flatMap((folder) => globSync(`${folder}/package.json`, { cwd: root }));
    const copied = instructionsOf('build').flatMap((line) => /^COPY (\S+\/package\.json) /.exec(line)?.[1] ?? []);
    expect(sorted(copied)).toEqual(sorted(manifests));
  });

  it('gives an image no package for development: each is installed by what its own workspace needs', () => {
    for (const target of [...processes, 'operations', 'demonstration']) {
      const installed = instructionsOf(target).flatMap((line) => /^COPY --from=(\S+-packages) /.exec(line)?.[1] ?? []);
      expect(installed).toHaveLength(1);
      expect(instructionsOf(installed[0]!).at(-1)).toMatch(/\binstall\.sh$/);
      expect(instructionsOf(target).filter((line) => /\bnpm (ci|install)\b|COPY \. /.test(line))).toEqual([]);
    }
    expect(readFileSync(join(root, 'containers/install.sh'), 'utf8')).toContain('--omit=dev --omit=optional');
  });

  it('asks for health at the port that each process has by default', () => {
    const ports = Object.fromEntries(
      processes.map((name) => {
        const url = /HEALTH_URL=(\S+)/.exec(lastInstruction('ENV', instructionsOf(name)) ?? '')?.[1];
        return [name, url];
      }),
    );
    for (const [name, settings] of Object.entries(settingsByProcess)) {
      const port = defaultOf(settings[`${name.toUpperCase()}_PORT`]!);
      expect(ports[name]).toBe(`http://127.0.0.1:${port}/health/ready`);
      expect(lastInstruction('EXPOSE', instructionsOf(name))).toBe(port);
    }
    expect(ports['indexer']).toBe('http://127.0.0.1:4004/health/ready');
  });

  it('starts each process itself, so that it hears SIGTERM', () => {
    for (const target of processes) {
      const [program, main, ...more] = JSON.parse(lastInstruction('CMD', instructionsOf(target))!) as string[];
      expect([program, more]).toEqual(['node', []]);
      expect(main).toMatch(/^(router|indexer|subgraphs\/\w+)\/src\/main\.ts$/);
      // An image has its own sources; those of another would start as well, and be another process.
      expect(instructionsOf(target).filter((line) => line.endsWith(` ${dirname(main!)}`))).toHaveLength(1);
      expect(lastInstruction('STOPSIGNAL', instructionsOf(target))).toBe('SIGTERM');
    }
  });
});

describe('the job that makes the secrets', () => {
  const run = promisify(execFile);
  let folder: string;
  const job = () => run(process.execPath, [join(root, 'development/src/containers/secrets.ts'), folder]);
  const content = async (name: string): Promise<string> => (await readFile(join(folder, name), 'utf8')).trim();
  const files = async (): Promise<string[]> =>
    (await readdir(folder, { recursive: true, withFileTypes: true })).flatMap((entry) =>
      entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pessoa-secrets-'));
    await chmod(folder, 0o755);
    await job();
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('makes every file that docker-compose.yml names, and the passwords that only files are made of', async () => {
    const wanted = Object.values(secrets).map(({ file }) =>
      file.replace('${PESSOA_SECRETS:-./containers/secrets}', folder),
    );
    expect(sorted(await files())).toEqual(
      sorted([
        ...wanted,
        ...['redis', 'redis-operator', 'elasticsearch-event', 'elasticsearch-indexer'].map((name) =>
          join(folder, `${name}-password`),
        ),
      ]),
    );
  });

  it('keeps the folder to its owner, and the files readable for the containers’ users', async () => {
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const modes = await Promise.all((await files()).map(async (file) => (await stat(file)).mode & 0o777));
    expect(new Set(modes)).toEqual(new Set([0o444]));
  });

  it('has in each connection string the role, its password and its own server', async () => {
    for (const [role, server] of [
      ['base-a-reader', 'base-a'],
      ['base-c-owner', 'base-c'],
      ['auditoria-writer', 'auditoria'],
    ] as const) {
      const url = new URL(await content(`${role}-url`));
      expect(url.href).toBe(await content(`${role}-url`));
      expect([url.username, url.password]).toEqual([role.replaceAll('-', '_'), await content(`${role}-password`)]);
      expect([url.hostname, url.pathname]).toEqual([server, `/${environmentOf(server)['POSTGRES_DB']}`]);
    }
    const passwords = await Promise.all((await files()).filter((file) => file.endsWith('-password')).map((file) => readFile(file, 'utf8'))); // prettier-ignore
    expect(new Set(passwords).size).toBe(17);
  });

  it('tells Elasticsearch no password, only its hash', async () => {
    const users = (await content('elasticsearch-users')).split('\n');
    expect(users).toHaveLength(2);
    for (const [index, user] of ['event', 'indexer'].entries()) {
      const password = await content(`elasticsearch-${user}-password`);
      expect(await content(`elasticsearch-${user}-url`)).toBe(`http://${user}:${password}@elasticsearch:9200`);
      const [, rounds, salt, hash] = new RegExp(`^${user}:\\{PBKDF2\\}(\\d+)\\$(.+)\\$(.+)$`).exec(users[index]!)!;
      const expected = pbkdf2Sync(password, Buffer.from(salt!, 'base64'), Number(rounds), 32, 'sha512');
      expect(hash).toBe(expected.toString('base64'));
    }
  });

  it('tells Redis no password, only its hash, and lets nobody in without one but to ask whether it is there', async () => {
    const acl = await content('redis-acl');
    const [nobody, ...users] = acl.split('\n');
    expect(nobody).toBe('user default on nopass resetkeys resetchannels -@all +ping');
    expect(users).toHaveLength(2);
    for (const [index, what] of ['redis', 'redis-operator'].entries()) {
      const password = await content(`${what}-password`);
      const url = new URL(await content(`${what}-url`));
      expect(acl).not.toContain(password);
      expect(users[index]).toContain(
        `user ${url.username} on #${createHash('sha256').update(password).digest('hex')} `,
      );
      expect(url.password).toBe(password);
    }
  });

  it('gives the users of Redis what docs/operations.md says, of their own keys alone', async () => {
    const [, services, operators] = (await content('redis-acl')).split('\n');
    const wordsOf = ({ keys, rights }: { keys: readonly string[]; rights: readonly string[] }): string =>
      [...keys, 'resetchannels', '-@all', ...rights].join(' ');
    expect(services).toMatch(/^user pessoa on #[0-9a-f]{64} /);
    expect(services!.replace(/^.*#[0-9a-f]{64} /, '')).toBe(wordsOf(cacheUsers.services));
    expect(operators!.replace(/^.*#[0-9a-f]{64} /, '')).toBe(wordsOf(cacheUsers.operators));
    const documented = readFileSync(join(root, 'docs/operations.md'), 'utf8');
    for (const user of [cacheUsers.services, cacheUsers.operators]) expect(documented).toContain(wordsOf(user));
  });

  it('changes nothing that is there: a database keeps the passwords it was made with', async () => {
    const contents = async () => Promise.all(sorted(await files()).map((file) => readFile(file, 'utf8')));
    const before = await contents();
    await rm(join(folder, 'internal-key'), { force: true });
    await job();
    expect(await contents()).toEqual(before);
  });

  it('says what is wrong in one line', async () => {
    const failure = await run(process.execPath, [join(root, 'development/src/containers/secrets.ts')]).catch((error) => error); // prettier-ignore
    expect(failure).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^usage: .*\n$/) });
  });
});
