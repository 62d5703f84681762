import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpfFromBase } from '@pessoa/domain/cpf';
import { insert, openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { importFile } from '../../src/import/import-file.ts';
import { bens } from '../../src/import/kinds/base-b.ts';

describe('An import', () => {
  const cpf = cpfFromBase('330000001');
  let bases: TestBases;
  let folder: string;
  beforeEach(async () => {
    bases = await openTestBases();
    folder = await mkdtemp(join(tmpdir(), 'pessoa-import-'));
    await insert(bases.baseB.owner, 'titular', { cpf });
    await writeFile(join(folder, 'bens.csv'), `id,cpf,tipo,descricao,onerado\nb1,${cpf},VEICULO,Moto,false\n`);
  });
  afterEach(async () => {
    await bases.drop();
    await rm(folder, { recursive: true });
  });
  const load = (onPeople?: (cpfs: readonly string[]) => Promise<void>) =>
    importFile({
      file: join(folder, 'bens.csv'),
      kind: bens,
      connectionString: bases.baseB.ownerUrl,
      ...(onPeople && { onPeople }),
    });
  const database = () => new URL(bases.baseB.ownerUrl).pathname.slice(1);
  const owner = (...statements: string[]) => bases.baseB.owner.query(statements.join(';'));

  it("finds its tables by the catalogue, in another schema than the session's", async () => {
    await owner(
      'CREATE SCHEMA carteira',
      'GRANT USAGE ON SCHEMA carteira TO base_b_reader',
      ...['titular', 'bem', 'fonte_de_renda', 'endereco'].map((table) => `ALTER TABLE ${table} SET SCHEMA carteira`),
      `ALTER DATABASE ${database()} SET search_path = pg_catalog`,
    );
    expect((await load()).counts).toMatchObject({ read: 1, inserted: 1 });
    expect((await owner('SELECT id FROM carteira.bem')).rows).toEqual([{ id: 'b1' }]);
  });

  it('also reports the former owner of a row', async () => {
    const former = cpfFromBase('330000002');
    await insert(bases.baseB.owner, 'titular', { cpf: former });
    await insert(bases.baseB.owner, 'bem', { id: 'b1', cpf: former, tipo: 'VEICULO', descricao: 'x', onerado: false });
    const changedCpfs: string[] = [];
    await load(async (cpfs) => void changedCpfs.push(...cpfs));
    expect(changedCpfs.toSorted()).toEqual([cpf, former].toSorted());
  });

  it("fills the table that a reader may select, not one of the same name that is first on the owner's search path", async () => {
    await owner(
      'CREATE SCHEMA antes',
      'CREATE TABLE antes.bem (LIKE public.bem)',
      `ALTER DATABASE ${database()} SET search_path = antes, public`,
    );
    expect((await load()).counts).toMatchObject({ read: 1, inserted: 1 });
    expect((await owner('SELECT id FROM public.bem')).rows).toEqual([{ id: 'b1' }]);
    expect((await owner('SELECT FROM antes.bem')).rowCount).toBe(0);
  });

  it('writes nothing if a reader may select two tables of one name, and names their schemas', async () => {
    await owner(
      'CREATE SCHEMA antes',
      'CREATE TABLE antes.bem (LIKE public.bem)',
      'GRANT USAGE ON SCHEMA antes TO base_b_reader',
      'GRANT SELECT (id) ON antes.bem TO base_b_reader',
    );
    await expect(load()).rejects.toThrow(/^base-b: bem is in the schemas antes, (outra, )?public$/);
    expect((await owner('SELECT FROM public.bem')).rowCount).toBe(0);
  });
});
