import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { finalidades } from '@pessoa/domain/finalidade';
import { bareEnvironment } from '@pessoa/testkit/bare-environment';
import { markdownFiles, readDocument } from '../src/documents.ts';
import { root } from '../src/started-system.ts';

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
/** The commands that run our files; other programs have their own usage. */
const commands = Object.entries(scripts).flatMap(([name, script]) => {
  const [, file, args = ''] = /^(?:\w+=\S+ )*(?:exec )?node (?:--\S+ )*(\S+\.ts)(.*)$/.exec(script) ?? [];
  return file === undefined || args.includes('--check') ? [] : [{ name, file, args: args.split(' ').filter(Boolean) }];
});
const services = ['debt', 'score', 'event', 'indexer', 'auditor', 'router', 'witness'];

function run(file: string, args: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    // Without variables: help needs none, and options are checked before settings.
    const options = { cwd: root, env: { ...bareEnvironment(), PESSOA_HOME: '/dev/null/none' } };
    execFile(process.execPath, [file, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });
}

describe('Every command', () => {
  it('is in the list of this test', () => {
    const names = commands.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['start', 'dev', 'seed', 'import', 'token', 'cache:invalidate', 'index', 'index:check']),
    );
    expect(names).toEqual(expect.arrayContaining(['db:migrate', 'replica', 'replica:status', 'db:diff', 'bench', ...services])); // prettier-ignore
  });

  it.each(commands)('npm run $name prints its usage for --help', async ({ name, file, args }) => {
    for (const help of name === 'start' ? ['--help', '-h'] : ['--help']) {
      const { code, stdout, stderr } = await run(file, [...args, help]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(new RegExp(`^usage: npm (run )?(--silent )?${name}\\b`));
    }
  }, 120_000); // prettier-ignore

  it.each(commands)(
    'npm run $name refuses an option that it does not have, with its usage',
    async ({ name, file, args }) => {
      const { code, stdout, stderr } = await run(file, [...args, '--nao-existe']);
      // The verifier's 1 says that a log is wrong.
      expect({ code, stdout }).toEqual({ code: name === 'audit:verify' ? 2 : 1, stdout: '' });
      expect(stderr).toMatch(new RegExp(`usage: npm (run )?(--silent )?${name}\\b`));
    },
    120_000,
  );

  it('lists the values of an option in its usage', async () => {
    const { stdout: token } = await run('development/src/token.ts', ['--help']);
    for (const finalidade of finalidades) expect(token).toContain(finalidade);
    const { stdout: start } = await run('development/src/start/main.ts', ['--help']);
    for (const part of ['base-a', 'base-b', 'base-c', 'cache', 'index']) expect(start).toContain(part);
    const { stdout: load } = await run('operations/src/import/main.ts', ['--help']);
    for (const word of ['base-a has ', 'dividas', 'movimentacoes', '--tipo', '--estrito']) expect(load).toContain(word);
  }, 120_000);

  it.each([
    ['a value that is not of the list', 'development/src/start/main.ts', ['--without', 'base-d']],
    ['an option without its value', 'development/src/seed/main.ts', ['--pessoas']],
    ['an argument too many', 'operations/src/migrate.ts', ['base-a']],
    ['a base that there is not', 'operations/src/replica/main.ts', ['base-d']],
    ['no argument where one is needed', 'operations/src/cache/invalidate.ts', []],
  ])('refuses %s', async (_, file, args) => {
    const { code, stdout, stderr } = await run(file, args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('usage: npm ');
  }, 120_000); // prettier-ignore
});

// The examples are for machines of clients; docs/integrar.md says which Node they need.
it('No document runs our files with `node`: the machine’s Node may not run TypeScript', () => {
  const wrong = markdownFiles().flatMap((file) =>
    [...readDocument(file).matchAll(/(?<![/\w-])node (?:--\S+ )*(?!docs\/examples\/)\S+\.ts\b/g)].map(
      ([command]) => `${file}: ${command}`,
    ),
  );
  expect(wrong).toEqual([]);
});
