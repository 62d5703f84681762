import { execFile } from 'node:child_process';
import { createHash, pbkdf2Sync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheUsers } from '@pessoa/testkit/redis-server';
import { readComposeFile } from '../../src/compose-file.ts';
import { root } from '../../src/started-system.ts';

const { services, secrets } = readComposeFile();
const sorted = (values: Iterable<string>): string[] => [...values].toSorted();

describe('the job that creates the secrets', () => {
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

  it('creates every file that docker-compose.yml mounts, and the passwords inside other files', async () => {
    const mountedFiles = Object.values(secrets).map(({ file }) =>
      file.replace('${PESSOA_SECRETS:-./containers/secrets}', folder),
    );
    expect(sorted(await files())).toEqual(
      sorted([
        ...mountedFiles,
        ...['redis', 'redis-operator', 'elasticsearch-event', 'elasticsearch-indexer'].map((name) =>
          join(folder, `${name}-password`),
        ),
      ]),
    );
  });

  it('makes a folder for its owner only, and files that the containers’ users can read', async () => {
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const modes = await Promise.all((await files()).map(async (file) => (await stat(file)).mode & 0o777));
    expect(new Set(modes)).toEqual(new Set([0o444]));
  });

  it('writes connection strings with a role, its password and its server', async () => {
    for (const [role, server] of [
      ['base-a-reader', 'base-a'],
      ['base-c-owner', 'base-c'],
      ['base-c-indexer', 'base-c'],
      ['auditoria-writer', 'auditoria'],
      ['auditoria-auditor', 'auditoria'],
    ] as const) {
      const url = new URL(await content(`${role}-url`));
      expect(url.href).toBe(await content(`${role}-url`));
      expect(url).toMatchObject({
        username: role.replaceAll('-', '_'),
        password: await content(`${role}-password`),
        hostname: server,
        pathname: `/${services[server]!.environment!['POSTGRES_DB']}`,
      });
    }
    const passwords = await Promise.all((await files()).filter((file) => file.endsWith('-password')).map((file) => readFile(file, 'utf8'))); // prettier-ignore
    expect(new Set(passwords).size).toBe(19);
  });

  it('gives Elasticsearch only hashes of passwords', async () => {
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

  it('gives Redis only hashes of passwords; without a password Redis only answers PING', async () => {
    const acl = await content('redis-acl');
    const [defaultUser, ...users] = acl.split('\n');
    expect(defaultUser).toBe('user default on nopass resetkeys resetchannels -@all +ping');
    expect(users).toHaveLength(2);
    for (const [index, user] of ['redis', 'redis-operator'].entries()) {
      const password = await content(`${user}-password`);
      const url = new URL(await content(`${user}-url`));
      expect(acl).not.toContain(password);
      expect(users[index]).toContain(
        `user ${url.username} on #${createHash('sha256').update(password).digest('hex')} `,
      );
      expect(url.password).toBe(password);
    }
  });

  it('gives the users of Redis the rights of docs/operations.md', async () => {
    const [, services, operators] = (await content('redis-acl')).split('\n');
    const wordsOf = ({ keys, rights }: { keys: readonly string[]; rights: readonly string[] }): string =>
      [...keys, 'resetchannels', '-@all', ...rights].join(' ');
    expect(services).toMatch(/^user pessoa on #[0-9a-f]{64} /);
    expect(services!.replace(/^.*#[0-9a-f]{64} /, '')).toBe(wordsOf(cacheUsers.services));
    expect(operators!.replace(/^.*#[0-9a-f]{64} /, '')).toBe(wordsOf(cacheUsers.operators));
    const documented = readFileSync(join(root, 'docs/operations.md'), 'utf8');
    for (const user of [cacheUsers.services, cacheUsers.operators]) expect(documented).toContain(wordsOf(user));
  });

  it('changes no existing file: a database keeps the passwords that it was created with', async () => {
    const contents = async () => Promise.all(sorted(await files()).map((file) => readFile(file, 'utf8')));
    const firstContents = await contents();
    await rm(join(folder, 'internal-key'), { force: true });
    await job();
    expect(await contents()).toEqual(firstContents);
  });

  it('reports a missing argument in one line', async () => {
    const failure = await run(process.execPath, [join(root, 'development/src/containers/secrets.ts')]).catch((error) => error); // prettier-ignore
    expect(failure).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^usage: .*\n$/) });
  });
});
