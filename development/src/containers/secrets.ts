import { createHash, pbkdf2Sync, randomBytes } from 'node:crypto';
import { access, chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureDevelopmentKeys } from '@pessoa/service/development/development-keys';

const PBKDF2_ROUNDS = 10_000;

/** The database servers of docker-compose.yml, and the roles of each beside its superuser. */
const rolesOf = {
  'base-a': ['base-a-owner', 'base-a-reader'],
  'base-b': ['base-b-owner', 'base-b-reader'],
  'base-c': ['base-c-owner', 'base-c-reader', 'base-c-indexer'],
  auditoria: ['auditoria-owner', 'auditoria-writer', 'auditoria-reader', 'auditoria-auditor'],
} as const;

/**
 * The `secrets` job: creates in `folder` every missing secret file that docker-compose.yml mounts into a container.
 * It never overwrites a file, because a database keeps the passwords that it was created with.
 *
 * Every user may read the files, because each container runs as another user. Only the owner may enter the folder, so
 * other users of the host cannot read them, and a container sees only the files that are mounted into it.
 */
async function makeSecrets(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  const { cpfHashKey, internalKey } = await ensureDevelopmentKeys(folder);
  for (const file of ['secrets.json', 'jwks.json']) await chmod(join(folder, 'keys', file), 0o444);
  const ensure = (name: string, make: () => string): Promise<string> => ensureFile(join(folder, name), make);

  await ensure('cpf-hash-key', () => cpfHashKey);
  await ensure('internal-key', () => internalKey);
  for (const key of ['auditor-key', 'auditor-vrf-key']) await ensure(key, () => randomBytes(32).toString('base64url'));
  for (const [server, roles] of Object.entries(rolesOf)) {
    await ensure(`${server}-superuser-password`, newPassword);
    for (const role of roles) {
      const password = await ensure(`${role}-password`, newPassword);
      await ensure(`${role}-url`, () => databaseUrl(server, role, password));
    }
  }
  const redisPassword = await ensure('redis-password', newPassword);
  await ensure('redis-url', () => `redis://pessoa:${redisPassword}@redis:6379`);
  const operatorPassword = await ensure('redis-operator-password', newPassword);
  await ensure('redis-operator-url', () => `redis://pessoa-operador:${operatorPassword}@redis:6379`);
  await ensure('redis-acl', () => redisAcl(redisPassword, operatorPassword));
  const hashes: string[] = [];
  for (const user of ['event', 'indexer']) {
    const password = await ensure(`elasticsearch-${user}-password`, newPassword);
    await ensure(`elasticsearch-${user}-url`, () => `http://${user}:${password}@elasticsearch:9200`);
    hashes.push(`${user}:${elasticsearchHash(password)}`);
  }
  await ensure('elasticsearch-users', () => hashes.join('\n'));
}

const newPassword = (): string => randomBytes(24).toString('base64url');

const databaseUrl = (server: string, role: string, password: string): string =>
  `postgresql://${role.replaceAll('-', '_')}:${password}@${server}:5432/${server.replaceAll('-', '_')}`;

/**
 * Without a password Redis answers PING only. The services read and write their own keys. The operator's user makes the
 * cache forget a person, and reads no value.
 */
const redisAcl = (password: string, operatorPassword: string): string =>
  [
    'user default on nopass resetkeys resetchannels -@all +ping',
    `user pessoa on #${sha256(password)} ~score:* ~event:* ~geracao:* ~limit:* ~proof:* resetchannels -@all +mget +get +set +eval +evalsha +info +incrby +expire +pexpire +pttl +scard +smismember +sadd`,
    `user pessoa-operador on #${sha256(operatorPassword)} %W~score:* %W~event:* %W~geracao:* resetchannels -@all +set +del +info`,
  ].join('\n');

/** A password hash for Elasticsearch's file realm. PBKDF2 is the one of its algorithms that Node has too. */
function elasticsearchHash(password: string): string {
  const salt = randomBytes(32);
  const hash = pbkdf2Sync(password, salt, PBKDF2_ROUNDS, 32, 'sha512');
  return `{PBKDF2}${PBKDF2_ROUNDS}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

const sha256 = (secret: string): string => createHash('sha256').update(secret).digest('hex');

async function ensureFile(file: string, make: () => string): Promise<string> {
  const isThere = await access(file).then(() => true, () => false); // prettier-ignore
  if (isThere) return (await readFile(file, 'utf8')).trim();
  const content = make();
  await writeFile(file, `${content}\n`, { mode: 0o444, flag: 'wx' });
  await chmod(file, 0o444); // whatever the umask
  return content;
}

const [folder] = process.argv.slice(2);
try {
  if (!folder) throw new Error('usage: node development/src/containers/secrets.ts FOLDER');
  await makeSecrets(folder);
  console.log('every secret of docker-compose.yml exists');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
