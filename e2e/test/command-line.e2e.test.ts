import { execFile } from 'node:child_process';
import { cp, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runsOnServers } from '@pessoa/testkit/servers';
import { createSystemSandbox, root, type SystemSandbox } from '../src/started-system.ts';

// Without `npm run test:servers`, each command starts the embedded PostgreSQL itself.
describe('the commands of a system that is not running', () => {
  let place: SystemSandbox;

  beforeAll(async () => {
    place = await createSystemSandbox();
    await cp(join(root, 'docs/examples'), join(place.home, 'examples'), { recursive: true });
  });
  afterAll(() => place.remove());

  const example = (name: string): string => join(place.home, 'examples', name);

  function npm(...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
    return new Promise((resolve) => {
      const options = { cwd: root, env: place.env };
      execFile('npm', ['run', '--silent', ...args], options, (error, stdout, stderr) =>
        resolve({ code: error ? error.code : 0, stdout, stderr: stderr.replaceAll(/^npm warn .*\n/gm, '') }),
      );
    });
  }

  async function countsOf(base: string, file: string): Promise<Record<string, number>> {
    const { code, stdout, stderr } = await npm('import', '--', base, file);
    const counts = Object.fromEntries(
      [...stdout.split('\n')[0]!.matchAll(/(lidas|inseridas|atualizadas|iguais|recusadas) (\d+)/g)].map(
        ([, name, count]) => [name!, Number(count)],
      ),
    );
    const { lidas, inseridas, atualizadas, iguais, recusadas } = counts;
    expect({ code, stderr }).toEqual({ code: recusadas! > 0 ? 3 : 0, stderr: '' });
    expect(inseridas! + atualizadas! + iguais! + recusadas!).toBe(lidas);
    const byCode = [...stdout.matchAll(/^ {2}[A-Z_]+ (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
    expect(byCode).toBe(recusadas);
    return counts;
  }

  it('seed creates and fills the bases, and prints an example CPF', async () => {
    const { code, stdout, stderr } = await npm('seed', '--', '--pessoas', '20', '--hoje', '2026-11-22');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^20 fictitious people of 2026-11-22 \(seed 2026\);.* \d{11}\n$/);
  });

  it('import loads valid lines, reports invalid ones in a file for the owner only, and its counts add up', async () => {
    for (const [base, name, refused] of [
      ['base-a', 'base-a/pessoas.csv', 4],
      ['base-a', 'base-a/dividas.csv', 6],
      ['base-b', 'base-b/pessoas.csv', 1],
      ['base-b', 'base-b/rendas.csv', 2],
      ['base-c', 'base-c/pessoas.csv', 1],
      ['base-c', 'base-c/movimentacoes.ndjson', 2],
    ] as const) {
      const counts = await countsOf(base, example(name));
      expect([name, counts['recusadas']]).toEqual([name, refused]);
      const refusals = `${example(name)}.recusadas.csv`;
      const lines = (await readFile(refusals, 'utf8')).split('\n').filter((line) => /^\d+,[A-Z_]+,/.test(line));
      expect([name, lines.length]).toEqual([name, refused]);
      expect((await stat(refusals)).mode & 0o077).toBe(0);
    }
  }, 240_000);

  it('a second import of the same file changes nothing', async () => {
    const { lidas, iguais, recusadas, inseridas } = await countsOf('base-a', example('base-a/dividas.csv'));
    expect({ inseridas, iguais }).toEqual({ inseridas: 0, iguais: lidas! - recusadas! });
  });

  it('import fails with --strict, with a wrong header, and with an unknown base or kind of file', async () => {
    const strict = await npm('import', '--', 'base-b', example('base-b/bens.csv'), '--estrito');
    expect(strict.code).toBe(1);
    expect(strict.stdout).toMatch(/^lidas 14 = /);

    const wrong = join(place.home, 'dividas-sem-cpf.csv');
    await writeFile(wrong, 'id,credor_nome\n1,Loja\n');
    const header = await npm('import', '--', 'base-a', wrong);
    expect({ code: header.code, stdout: header.stdout }).toEqual({ code: 1, stdout: '' });
    expect(header.stderr).toContain('cpf');

    const nameless = join(place.home, 'extrato.csv');
    await writeFile(nameless, 'cpf\n');
    for (const args of [['base-a', nameless], ['base-d', nameless], []]) {
      const { code, stdout, stderr } = await npm('import', '--', ...args);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('usage: npm run import');
    }
  }, 240_000);

  it('db:migrate applies missing migrations, and db:diff prints the difference from a schema', async () => {
    const first = await npm('db:migrate');
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/^Base A: up to date\nBase B: up to date\nBase C: up to date\nauditoria: /);
    // No earlier command needed the audit. On servers the databases of a test are migrated.
    expect(first.stdout).toMatch(runsOnServers() ? /auditoria: up to date/ : /auditoria: applied \d{14}_\w+/);
    expect((await npm('db:migrate')).stdout).toContain('auditoria: up to date');
    expect(await npm('db:diff', '--', 'debt')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await npm('db:diff', '--', 'other')).toMatchObject({ code: 1, stdout: '' });
  }, 240_000);
});
