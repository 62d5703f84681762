import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bareEnvironment } from '@pessoa/testkit/bare-environment';
import { databaseVariables, openTestBases } from '@pessoa/testkit/test-bases';
import type { TestBases } from '@pessoa/testkit/test-bases';

interface Run {
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

let testBases: TestBases;
let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  testBases = await openTestBases();
  folder = await mkdtemp(join(tmpdir(), 'pessoa-cli-'));
  await cp(fileURLToPath(new URL('../../docs/examples', import.meta.url)), folder, { recursive: true });
  env = {
    ...bareEnvironment(),
    PESSOA_HOME: folder,
    ...databaseVariables(testBases),
  };
});
afterAll(async () => {
  await testBases.drop();
  await rm(folder, { recursive: true });
});

function run(script: 'import' | 'seed', args: readonly string[], variables: NodeJS.ProcessEnv = env): Promise<Run> {
  const workspace = { import: 'operations', seed: 'development' }[script];
  const main = fileURLToPath(new URL(`../../${workspace}/src/${script}/main.ts`, import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env: variables }, (error, stdout, stderr) =>
      resolve({ code: error ? (error.code ?? null) : 0, stdout, stderr }),
    );
  });
}

describe('npm run import', () => {
  it('prints counts that add up and the path of the refused lines, and no personal data', async () => {
    const file = join(folder, 'base-a/pessoas.csv');
    const { code, stdout, stderr } = await run('import', ['base-a', file]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      'lidas 7 = inseridas 3 + atualizadas 0 + iguais 0 + recusadas 4',
      '  CAMPO_OBRIGATORIO 1',
      '  CPF_INVALIDO 1',
      '  ENUM_INVALIDO 1',
      '  FORMATO_INVALIDO 1',
      `the refused lines are in ${file}.recusadas.csv`,
      '',
    ]);
  });

  it('exits with 0 if every line was loaded, with 3 if some were refused, and with 1 for those with --estrito', async () => {
    const good = join(folder, 'pessoas-boas.csv');
    await writeFile(good, 'CPF;Nome;Situação Cadastral\n529.982.247-25;Ana Fictícia;Regular\n');
    const { code, stdout } = await run('import', ['base-a', good]);
    expect(code).toBe(0);
    expect(stdout).toContain('read as: utf8, separator semicolon');
    expect((await run('import', ['base-c', join(folder, 'base-c/pessoas.csv'), '--estrito'])).code).toBe(1);
    expect((await run('import', ['base-c', join(folder, 'base-c/pessoas.csv')])).code).toBe(3);
  });

  it('fails with one line if the base has no owner connection, or the file does not exist', async () => {
    const { BASE_A_ADMIN_URL: _, ...without } = env;
    const noOwner = await run('import', ['base-a', join(folder, 'base-a/pessoas.csv')], without);
    expect(noOwner.code).toBe(1);
    expect(noOwner.stderr).toMatch(/^set BASE_A_ADMIN_URL.*\n$/);
    const noFile = await run('import', ['base-a', join(folder, 'dividas.csv')]);
    expect(noFile.code).toBe(1);
    expect(noFile.stderr.split('\n').length).toBe(2);
  });
});

describe('npm run seed', () => {
  it('loads the requested number of people and names one of them for examples', async () => {
    const { code, stdout } = await run('seed', ['--pessoas', '40', '--hoje', '2026-11-22', '--seed', '3']);
    expect(code).toBe(0);
    const cpf = /^40 fictitious people of 2026-11-22 \(seed 3\);.* (\d{11})\n$/.exec(stdout)?.[1];
    expect(cpf).toBeDefined();
    const { rows } = await testBases.baseC.owner.query('SELECT cpf FROM titular WHERE cpf = $1', [cpf]);
    expect(rows).toEqual([{ cpf }]);
  });
});
