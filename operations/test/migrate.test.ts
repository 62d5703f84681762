import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bareEnvironment } from '@pessoa/testkit/bare-environment';
import { lockTable } from '@pessoa/testkit/table-lock';
import { databaseVariables, openTestBases, type TestBases } from '@pessoa/testkit/test-bases';

const MAIN = fileURLToPath(new URL('../src/migrate.ts', import.meta.url));

describe('npm run db:migrate', () => {
  let bases: TestBases;
  let home: string;
  beforeAll(async () => {
    bases = await openTestBases();
    home = await mkdtemp(join(tmpdir(), 'pessoa-migrate-'));
  });
  afterAll(async () => {
    await bases.drop();
    await rm(home, { recursive: true });
  });

  const migrate = (): Promise<{ code: unknown; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      const env = { ...bareEnvironment(), PESSOA_HOME: home, ...databaseVariables(bases) };
      execFile(process.execPath, [MAIN], { env }, (error, stdout, stderr) =>
        resolve({ code: error ? error.code : 0, stdout, stderr }),
      );
    });
  const monthsOf = async (): Promise<string[]> => {
    const { rows } = await bases.auditoria.owner.query<{ name: string }>(
      String.raw`SELECT relname AS name FROM pg_class WHERE relname ~ '^acesso_\d{4}_\d{2}$' ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  };

  it('adds the coming months of the audit, and only remarks on it when somebody reads the audit for long', async () => {
    const { owner } = bases.auditoria;
    const months = await monthsOf();
    await owner.query(`DROP TABLE months.${months.at(-1)!}`);
    const unlock = await lockTable(owner, 'months.acesso_others');
    try {
      const refused = await migrate();
      expect(refused).toMatchObject({ code: 0, stdout: expect.stringContaining('auditoria: up to date') });
      expect(refused.stderr).toMatch(/^auditoria: the coming months are not added: .*lock timeout/m);
      expect(await monthsOf()).toEqual(months.slice(0, -1));
    } finally {
      await unlock();
    }
    expect(await migrate()).toMatchObject({ code: 0, stderr: '' });
    expect(await monthsOf()).toEqual(months);
  });
});
