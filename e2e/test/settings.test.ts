import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commonVariables } from '@pessoa/platform/config/environment';
import { openConnections } from '@pessoa/scripts/system/connections';
import { defaultOf, refusing, requiredOf, settingsOf } from '../src/settings.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const allSettings = Object.values(settingsOf);
const mains = {
  debt: 'subgraphs/debt/src/main.ts',
  score: 'subgraphs/score/src/main.ts',
  event: 'subgraphs/event/src/main.ts',
  indexer: 'subgraphs/event/src/indexer/main.ts',
  router: 'router/src/main.ts',
} as const;

const example = readFileSync(join(root, '.env.example'), 'utf8');
/** Name and default of each setting; what an absent variable counts as is an empty text. */
const listed = [...example.matchAll(/^#([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name, value]) => [name!, value!] as const);

/** The settings the scripts read, as they read them: with every database embedded, then with none. */
async function readByScripts(): Promise<Set<string>> {
  const names = new Set<string>();
  const home = await mkdtemp(join(tmpdir(), 'pessoa-settings-'));
  await chmod(home, 0o755);
  const url = 'postgresql://leitor@127.0.0.1:1/base';
  const external = { BASE_A_URL: url, BASE_B_URL: url, BASE_C_URL: url, AUDIT_URL: url };
  for (const values of [{ PESSOA_HOME: home }, external]) {
    const env = new Proxy<NodeJS.ProcessEnv>(values, {
      get: (target, name) => (names.add(String(name)), target[String(name)]),
    });
    await (await openConnections(env)).close();
  }
  await rm(home, { recursive: true });
  const folder = join(root, 'scripts/src');
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const source = readFileSync(join(folder, file), 'utf8');
    for (const [, name] of source.matchAll(/\benv(?:\['|\.)([A-Z][A-Z0-9_]*)/g)) names.add(name!);
  }
  return names;
}

function start(main: string, env: NodeJS.ProcessEnv): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, main)], { env: { PATH: process.env['PATH'], ...env } }, (error, out, err) =>
      resolve({ code: error ? error.code : 0, stdout: out, stderr: err }),
    );
  });
}

/** The variables named by a message, each at the start of a line. */
const named = (message: string): string[] =>
  [...message.matchAll(/^ {2}([A-Z][A-Z0-9_]*): \S/gm)].map(([, name]) => name!).toSorted();

describe('.env.example', () => {
  it('lists every variable that a process or a script reads, once, and no other', async () => {
    const read = new Set([...allSettings.flatMap(Object.keys), ...(await readByScripts())]);
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
    // The scripts' own have none.
    expect(listed.filter(([name]) => !defaults.has(name)).map(([, value]) => value)).toEqual(
      listed.filter(([name]) => !defaults.has(name)).map(() => ''),
    );
  });

  it('says "Required." above exactly the variables without which a process does not start', () => {
    // An indexer runs only where there is an Elasticsearch; whatever else it requires, Event does too.
    const { indexer: _, ...always } = settingsOf;
    const required = new Set(Object.values(always).flatMap(requiredOf));
    // A comment counts for the settings up to the next comment.
    const marked = [...example.matchAll(/^((?:# .*\n)+)((?:#[A-Z].*\n?)+)/gm)].flatMap(([, comment, settings]) =>
      comment!.includes('Required.') ? [...settings!.matchAll(/^#([A-Z0-9_]+)=/gm)].map(([, name]) => name!) : [],
    );
    // These are in such a group but have a default.
    const optional = new Set(listed.flatMap(([name, value]) => (value === '' ? [] : [name])));
    expect(marked.filter((name) => !optional.has(name)).toSorted()).toEqual([...required].toSorted());
  });
});

describe.each(Object.keys(mains) as (keyof typeof mains)[])('the settings of %s', (name) => {
  const settings = settingsOf[name];
  const secret = 'segredo://usuario:senha-4711@lugar nenhum';

  it('are all asked for at once when none is there, and nothing starts', async () => {
    const { code, stdout, stderr } = await start(mains[name], {});
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^${name} cannot start:\n`));
    expect(named(stderr)).toEqual(requiredOf(settings));
  });

  it('are all named when they are wrong, and none is shown', async () => {
    const wrong = refusing(settings, secret);
    const some = name === 'indexer' ? [] : ['AUDIT_TIMEOUT_MILLIS', 'INTERNAL_KEY', 'AUDIT_URL'];
    expect(wrong).toEqual(expect.arrayContaining(['LOG_LEVEL', 'CPF_HASH_KEY', ...some]));
    const everything = Object.fromEntries(Object.keys(settings).map((key) => [key, secret]));
    const { code, stdout, stderr } = await start(mains[name], everything);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(named(stderr)).toEqual(wrong);
    expect(stderr).not.toMatch(/segredo|usuario|senha|4711|lugar/);
  });

  it('include those of every process', () => {
    // The indexer answers no client: it has no tokens and no audit.
    const common = name === 'indexer' ? ['HOST', 'LOG_LEVEL', 'CPF_HASH_KEY'] : Object.keys(commonVariables);
    expect(Object.keys(settings)).toEqual(expect.arrayContaining(common));
  });
});
