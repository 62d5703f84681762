import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openConnections } from '@pessoa/operations/system/connections';
import { scriptVariables } from '@pessoa/operations/system/settings';
import { commonVariables } from '@pessoa/service/config/environment';
import { issuerVariables } from '@pessoa/service/config/issuer-settings';
import { possessionVariables } from '@pessoa/service/config/possession-settings';
import { bareEnvironment } from '@pessoa/testkit/bare-environment';
import {
  defaultOf,
  settingsThatRefuse,
  requiredSettings,
  settingsByProcess,
  scriptSettings,
  singleSettings,
  witnessSettings,
} from '../src/settings.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const allSettings = [...Object.values(settingsByProcess), scriptSettings, witnessSettings];
const mains = {
  debt: 'subgraphs/debt/src/main.ts',
  score: 'subgraphs/score/src/main.ts',
  event: 'subgraphs/event/src/main.ts',
  indexer: 'indexer/src/main.ts',
  auditor: 'auditor/src/main.ts',
  router: 'router/src/main.ts',
  single: 'single/src/main.ts',
} as const;

const example = readFileSync(join(root, '.env.example'), 'utf8');
/** Name and default of each setting; the default is empty when the setting has none. */
const listed = [...example.matchAll(/^#([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name, value]) => [name!, value!] as const);

/** The variables that the sources of the scripts read. */
function namedByScripts(): Set<string> {
  const names = new Set<string>();
  const files = ['operations/src', 'development/src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(root, folder, file)),
  );
  for (const file of files) {
    if (!file.endsWith('.ts')) continue;
    const source = readFileSync(file, 'utf8');
    for (const [, name] of source.matchAll(/\benv\)?(?:\['|\.)([A-Z][A-Z0-9_]*)/g)) names.add(name!);
  }
  return names;
}

function start(main: string, env: NodeJS.ProcessEnv): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, main)], { env: { ...bareEnvironment(), ...env } }, (error, stdout, err) =>
      resolve({ code: error ? error.code : 0, stdout: stdout, stderr: err }),
    );
  });
}

/** A valid value of a variable without a default. */
const valueFor = (name: string): string =>
  name.endsWith('_KEY')
    ? randomBytes(32).toString('base64url')
    : name === 'JWT_JWKS_URL'
      ? 'https://emissor.invalid/jwks'
      : name === 'ELASTICSEARCH_URL'
        ? 'http://127.0.0.1:1'
        : 'postgresql://leitor@127.0.0.1:1/base';

/** The variables at the beginnings of a message's lines. */
const variablesIn = (message: string): string[] =>
  [...message.matchAll(/^ {2}([A-Z][A-Z0-9_]*): \S/gm)].map(([, name]) => name!).toSorted();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pessoa-settings-'));
});
afterAll(() => rm(folder, { recursive: true }));

function fileOf(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

describe('.env.example', () => {
  it('lists every variable that a process or a script reads, once, and no other', () => {
    const read = new Set([...allSettings.flatMap(Object.keys), ...scriptVariables]);
    expect(listed.map(([name]) => name).toSorted()).toEqual([...read].toSorted());
  });

  it('gives each variable the default that the processes have', () => {
    const defaults = new Map(
      allSettings.flatMap((shape) =>
        Object.entries(shape).map(([name, setting]) => [name, defaultOf(setting)] as const),
      ),
    );
    expect(listed.filter(([name]) => defaults.has(name))).toEqual(
      listed.flatMap(([name]) => (defaults.has(name) ? [[name, defaults.get(name)]] : [])),
    );
    // The scripts' own variables have no default.
    expect(listed.filter(([name]) => !defaults.has(name)).map(([, value]) => value)).toEqual(
      listed.filter(([name]) => !defaults.has(name)).map(() => ''),
    );
  });

  it('says "Required." above exactly the variables without which a process does not start', () => {
    // The indexer, which requires ELASTICSEARCH_URL, and the auditor are optional. Others require their other variables too.
    const { indexer: _, auditor: __, ...always } = settingsByProcess;
    const required = new Set(Object.values(always).flatMap(requiredSettings));
    // A comment is about all settings up to the next comment.
    const marked = [...example.matchAll(/^((?:# .*\n)+)((?:#[A-Z].*\n?)+)/gm)].flatMap(([, comment, settings]) =>
      comment!.includes('Required.') ? [...settings!.matchAll(/^#([A-Z0-9_]+)=/gm)].map(([, name]) => name!) : [],
    );
    // These settings of such a group have a default.
    const optional = new Set(listed.flatMap(([name, value]) => (value === '' ? [] : [name])));
    expect(marked.filter((name) => !optional.has(name)).toSorted()).toEqual([...required].toSorted());
  });
});

const everyName = Object.keys(mains) as (keyof typeof mains)[];
const every = <T>(of: T): Record<keyof typeof mains, T> =>
  Object.fromEntries(everyName.map((name) => [name, of])) as Record<keyof typeof mains, T>;
const someThatRefuse = {
  ...every(['CPF_HASH_KEY', 'AUDIT_TIMEOUT_MILLIS', 'INTERNAL_KEY', 'AUDIT_URL']),
  indexer: ['CPF_HASH_KEY', 'ELASTICSEARCH_URL'],
  auditor: [
    'CPF_HASH_KEY',
    'INTERNAL_KEY',
    'AUDIT_AUDITOR_URL',
    'AUDITOR_KEY',
    'AUDITOR_VRF_KEY',
    'AUDITOR_NAME',
    'WITNESSES',
    'WITNESS_QUORUM',
  ],
};
const commonOf = {
  ...every(Object.keys(commonVariables)),
  // It has no clients, hence no settings of tokens and audit.
  indexer: ['HOST', 'LOG_LEVEL', 'CPF_HASH_KEY'],
  // The router counts its clients.
  auditor: ['PESSOA_ENV', 'HOST', 'METRICS_HOST', 'LOG_LEVEL', 'CPF_HASH_KEY', 'INTERNAL_KEY', 'MAX_CONNECTIONS', ...Object.keys({ ...issuerVariables, ...possessionVariables })], // prettier-ignore
};

describe.each(everyName)('the settings of %s', (name) => {
  const settings = name === 'single' ? singleSettings : settingsByProcess[name];
  const secret = 'segredo://usuario:senha-4711@lugar nenhum';

  it('are all named at once when they are missing, and nothing starts', async () => {
    const { code, stdout, stderr } = await start(mains[name], {});
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^${name} cannot start:\n`));
    expect(variablesIn(stderr)).toEqual(requiredSettings(settings));
  });

  it('are all named when they are wrong, without their values', async () => {
    const wrong = settingsThatRefuse(settings, secret);
    expect(wrong).toEqual(expect.arrayContaining(['LOG_LEVEL', ...someThatRefuse[name]]));
    const everything = Object.fromEntries(Object.keys(settings).map((key) => [key, secret]));
    const { code, stdout, stderr } = await start(mains[name], everything);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(variablesIn(stderr)).toEqual(wrong);
    expect(stderr).not.toMatch(/segredo|usuario|senha|4711|lugar/);
  });

  it('may each be in a file, and one whose file cannot be read is named with the others', async () => {
    const required = requiredSettings(settings);
    const [unreadable, empty, twice, ...right] = required as [string, string, string, ...string[]];
    const files: NodeJS.ProcessEnv = {
      [`${unreadable}_FILE`]: join(folder, secret),
      [`${empty}_FILE`]: fileOf(empty, ' \n'),
      [`${twice}_FILE`]: fileOf(twice, secret),
      [twice]: secret,
      LOG_LEVEL_FILE: fileOf('LOG_LEVEL', secret),
    };
    for (const name of right) files[`${name}_FILE`] = fileOf(name, `${valueFor(name)}\n`);
    const { code, stdout, stderr } = await start(mains[name], files);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(variablesIn(stderr)).toEqual([`${unreadable}_FILE`, `${empty}_FILE`, twice, 'LOG_LEVEL'].toSorted());
    expect(stderr).not.toMatch(/segredo|usuario|senha|4711|lugar/);
  });

  it.each(['HOST', 'METRICS_HOST'])(
    'name an address that this machine does not have: %s',
    async (host) => {
      const required = Object.fromEntries(requiredSettings(settings).map((setting) => [setting, valueFor(setting)]));
      const ports = { [`${name.toUpperCase()}_PORT`]: '0', [`${name.toUpperCase()}_METRICS_PORT`]: '0' };
      const { code, stderr } = await start(mains[name], { ...required, ...ports, [host]: '203.0.113.7' });
      expect({ code, stderr }).toEqual({ code: 1, stderr: `${name} cannot start: HOST or METRICS_HOST is not an address of this machine (EADDRNOTAVAIL).\n` }); // prettier-ignore
    },
    60_000,
  );

  it('include those of every process', () => {
    expect(Object.keys(settings)).toEqual(expect.arrayContaining(commonOf[name]));
  });
});

describe('A setting that is a number', () => {
  const numbers = allSettings.flatMap((settings) =>
    Object.entries(settings).filter(([, setting]) =>
      ['1', '45'].some((value) => typeof setting.safeParse(value).data === 'number'),
    ),
  );

  it('is found by this test', () => {
    const names = numbers.map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(['ROUTER_PORT', 'DEBT_METRICS_PORT', 'MAX_CONNECTIONS', 'CACHE_MEMORY_BYTES', 'SEARCH_LAG_MAX_SECONDS'])); // prettier-ignore
  });

  it.each([
    ' ',
    '0x2D',
    '4.5e1',
    '+45',
    '-45',
    '45.0',
    '45.5',
    '4_5',
    '45n',
    '４５',
    '٤٥',
    '0b1',
    '0o55',
    '-0',
    '45,0',
  ])('refuses the value %j', (value) => {
    expect(numbers.filter(([, setting]) => setting.safeParse(value).success).map(([name]) => name)).toEqual([]);
  });

  it.each(['Infinity', 'NaN', '1e400', '9'.repeat(400), '99999999999', 'true', '[45]', 'abc'])(
    'is never %s',
    (value) => {
      expect(numbers.filter(([, setting]) => setting.safeParse(value).success).map(([name]) => name)).toEqual([]);
    },
  );
});

describe('An invalid setting is refused', () => {
  it.each([
    ['HOST', 'a b'],
    ['HOST', 'http://127.0.0.1'],
    ['METRICS_HOST', '127.0.0.1/8'],
    ['EXAMPLE_CPF', 'abc'],
    ['EXAMPLE_CPF', '99999900101'],
    ['ELASTICSEARCH_API_KEY', 'a\nb'],
    ['ELASTICSEARCH_API_KEY', 'id:key'],
    ['JWT_MAX_LIFETIME_SECONDS', '999999999'],
  ])('%s=%j', (name, value) => {
    const having = Object.values(settingsByProcess).filter((settings) => name in settings);
    expect(having.filter((settings) => settings[name]!.safeParse(value).success)).toEqual([]);
    expect(having.length).toBeGreaterThan(0);
  });
});

describe('the settings of the scripts', () => {
  it('may all be in a file', () => {
    const list: readonly string[] = scriptVariables;
    expect([...namedByScripts()].filter((name) => !list.includes(name))).toEqual([]);
    expect(namedByScripts().size).toBeGreaterThan(3);
  });

  it('may name a database in a file; no embedded PostgreSQL starts when all four are named', async () => {
    const url = (name: string) => `postgresql://leitor@127.0.0.1:1/${name.toLowerCase()}`;
    const names = ['BASE_A', 'BASE_B', 'BASE_C', 'AUDIT'];
    const variables = names.flatMap((name) => [`${name}_URL`, `${name}_ADMIN_URL`]);
    const env = Object.fromEntries(variables.map((name) => [`${name}_FILE`, fileOf(name, `${url(name)}\n`)]));
    const { cluster, baseA, baseB, baseC, auditoria } = await openConnections(env);
    expect(cluster).toBeUndefined();
    expect([baseA, baseB, baseC, auditoria].map((database) => [database.url, database.adminUrl])).toEqual(
      names.map((name) => [url(`${name}_URL`), url(`${name}_ADMIN_URL`)]),
    );
  });

  it('are named when their file cannot be read, and nothing starts', async () => {
    const { code, stdout, stderr } = await start('operations/src/migrate.ts', {
      BASE_A_URL_FILE: join(folder, 'segredo'),
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe('these settings cannot be read:\n  BASE_A_URL_FILE: is not a file that can be read\n');
  });
});
