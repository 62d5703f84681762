import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpfFromBase } from '@pessoa/domain/cpf';
import { insert, openTestBases } from '@pessoa/testkit/test-bases';
import type { TestBases } from '@pessoa/testkit/test-bases';
import { importFile } from '../../src/import/import-file.ts';
import type { ImportProgress } from '../../src/import/import-file.ts';
import { dividas, pessoasBaseA } from '../../src/import/kinds/base-a.ts';
import { compras } from '../../src/import/kinds/base-c.ts';
import type { ImportKind } from '../../src/import/kinds/import-kind.ts';

let testBases: TestBases;
let folder: string;
beforeAll(async () => {
  testBases = await openTestBases();
  folder = await mkdtemp(join(tmpdir(), 'pessoa-import-'));
});
afterAll(async () => {
  await testBases.drop();
  await rm(folder, { recursive: true });
});

let next = 100_000_000;
/** The CPF of a new person of Base A. */
async function novaPessoa(): Promise<string> {
  const cpf = cpfFromBase(String(next++));
  await insert(testBases.baseA.owner, 'pessoa', { cpf, nome: 'Ana Fictícia', situacao_cadastral: 'REGULAR' });
  return cpf;
}

const HEADER =
  'id,cpf,credor_nome,credor_cnpj,contrato,modalidade,natureza,situacao,valor_original,vencimento,data_inclusao,principal';
const CNPJ = '12ABC34501DE35';
const line = (id: string, cpf: string, changes: { valor?: string; credor?: string; cnpj?: string } = {}): string =>
  `${id},${cpf},${changes.credor ?? 'Loja Fictícia'},${changes.cnpj ?? CNPJ},77,OUTROS,COBRANCA,EM_ABERTO,${changes.valor ?? '10.00'},2026-01-10,2026-02-20,true`;

async function fileOf(name: string, ...lines: string[]): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

const load = (file: string, kind: ImportKind = dividas, onProgress?: (progress: ImportProgress) => void) =>
  importFile({
    file,
    kind,
    connectionString: testBases[kind.base === 'base-a' ? 'baseA' : 'baseC'].ownerUrl,
    ...(onProgress && { onProgress }),
  });

const refusedLines = async (file: string): Promise<string[]> =>
  (await readFile(`${file}.recusadas.csv`, 'utf8')).trimEnd().split('\n');
const valorOf = async (id: string): Promise<string | undefined> =>
  (
    await testBases.baseA.owner.query<{ valor: string }>(
      'SELECT valor_original::text AS valor FROM divida WHERE id = $1',
      [id],
    )
  ).rows[0]?.valor;

describe('importing a file', () => {
  it('takes 100,000 lines with 1 % bad ones to exact counts and a file of the refused in order', async () => {
    const cpfs = await Promise.all(Array.from({ length: 50 }, novaPessoa));
    const bad = (at: number): string => {
      const id = `m${at}`;
      const cpf = cpfs[at % 50] as string;
      switch ((at / 100) % 4) {
        case 0:
          return line(id, '11111111111');
        case 1:
          return line(id, cpf, { valor: '10.0' });
        case 2:
          return line(id, '52998224725');
        default:
          return `${id},"${cpf}`;
      }
    };
    const lines = Array.from({ length: 100_000 }, (_, at) =>
      at % 100 === 0 ? bad(at) : line(`m${at}`, cpfs[at % 50] as string),
    );
    const file = await fileOf('dividas-100000.csv', HEADER, ...lines);

    const progress: ImportProgress[] = [];
    const report = await load(file, dividas, (counts) => progress.push(counts));

    expect(report.counts).toEqual({ read: 100_000, inserted: 99_000, updated: 0, unchanged: 0, refused: 1_000 });
    expect(Object.fromEntries(report.refusedByCode)).toEqual({
      CPF_INVALIDO: 250,
      DINHEIRO_INVALIDO: 250,
      PESSOA_DESCONHECIDA: 250,
      LINHA_MALFORMADA: 250,
    });
    const numbers = (await refusedLines(file)).slice(2).map((refused) => Number(refused.split(',')[0]));
    expect(numbers).toEqual(Array.from({ length: 1_000 }, (_, at) => at * 100 + 2));
    const [{ count } = { count: 0 }] = (
      await testBases.baseA.owner.query<{ count: number }>("SELECT count(*)::int FROM divida WHERE id LIKE 'm%'")
    ).rows;
    expect(count).toBe(99_000);
    for (const { counts } of progress)
      expect(counts.read).toBe(counts.inserted + counts.updated + counts.unchanged + counts.refused);
    expect(progress.at(-1)).toMatchObject({ bytesRead: progress[0]?.bytesTotal, counts: report.counts });
  });

  it('inserts what is new, updates what changed, and leaves the rest', async () => {
    const cpf = await novaPessoa();
    await load(await fileOf('dividas-1.csv', HEADER, line('u1', cpf), line('u2', cpf)));
    const { counts } = await load(
      await fileOf('dividas-2.csv', HEADER, line('u1', cpf), line('u2', cpf, { valor: '20.00' }), line('u3', cpf)),
    );
    expect(counts).toEqual({ read: 3, inserted: 1, updated: 1, unchanged: 1, refused: 0 });
    expect(await valorOf('u2')).toBe('20.00');
  });

  it('counts a repeated line as unchanged, and refuses a repeated key with other content', async () => {
    const cpf = await novaPessoa();
    const file = await fileOf(
      'dividas-r.csv',
      HEADER,
      line('r1', cpf),
      line('r1', cpf),
      line('r1', cpf, { valor: '99.00' }),
    );
    expect((await load(file)).counts).toEqual({ read: 3, inserted: 1, updated: 0, unchanged: 1, refused: 1 });
    expect((await refusedLines(file))[2]).toMatch(/^4,ID_REPETIDO,id,/);
    expect(await valorOf('r1')).toBe('10.00');
  });

  it('refuses each of two equal lines about a person that the base does not know', async () => {
    const file = await fileOf('dividas-x.csv', HEADER, line('x1', '52998224725'), line('x1', '52998224725'));
    expect((await load(file)).counts).toMatchObject({ inserted: 0, unchanged: 0, refused: 2 });
  });

  it('finds a creditor by its CNPJ, keeps the name the base has, and says where the file names it otherwise', async () => {
    const cpf = await novaPessoa();
    await insert(testBases.baseA.owner, 'credor', { id: 'antigo', nome: 'Nome na Base', cnpj: '99898300000105' });
    const file = await fileOf(
      'dividas-c.csv',
      HEADER,
      line('c1', cpf, { cnpj: '99898300000105', credor: 'Outro Nome' }),
      line('c2', cpf, { cnpj: '', credor: 'Sem CNPJ Fictício' }),
    );
    expect((await load(file)).noticed).toBe(1);
    const { rows } = await testBases.baseA.owner.query(
      "SELECT c.nome, c.cnpj FROM divida d JOIN credor c ON c.id = d.credor_id WHERE d.id IN ('c1', 'c2') ORDER BY d.id",
    );
    expect(rows).toEqual([
      { nome: 'Nome na Base', cnpj: '99898300000105' },
      { nome: 'Sem CNPJ Fictício', cnpj: null },
    ]);
  });

  it('keeps the address of a person whose line has none, and changes it when the line has a part of one', async () => {
    const cpf = await novaPessoa();
    const header = 'cpf,nome,situacao_cadastral,cidade,uf';
    const cidade = async () =>
      (await testBases.baseA.owner.query('SELECT cidade FROM endereco WHERE cpf = $1', [cpf])).rows[0];
    const first = await load(
      await fileOf('pessoas-1.csv', header, `${cpf},Ana Fictícia,REGULAR,Recife,PE`),
      pessoasBaseA,
    );
    expect(first.counts).toMatchObject({ inserted: 0, updated: 1 });
    expect(
      (await load(await fileOf('pessoas-2.csv', header, `${cpf},Ana Fictícia,REGULAR,,`), pessoasBaseA)).counts,
    ).toMatchObject({ unchanged: 1 });
    expect(await cidade()).toEqual({ cidade: 'Recife' });
    await load(await fileOf('pessoas-3.csv', header, `${cpf},Ana Fictícia,REGULAR,Olinda,PE`), pessoasBaseA);
    expect(await cidade()).toEqual({ cidade: 'Olinda' });
  });

  it('takes an empty optional column for nothing, and spaces alone for empty', async () => {
    const cpf = await novaPessoa();
    const header = `${HEADER},valor_atualizado,uf`;
    await load(await fileOf('dividas-n1.csv', header, `${line('n1', cpf)},12.00,SP`));
    await load(await fileOf('dividas-n2.csv', header, `${line('n1', cpf)},  ,`));
    const { rows } = await testBases.baseA.owner.query("SELECT valor_atualizado, uf FROM divida WHERE id = 'n1'");
    expect(rows).toEqual([{ valor_atualizado: null, uf: null }]);
  });

  it('keeps tabs, backslashes, quotes and line ends of a text as they are', async () => {
    const cpf = await novaPessoa();
    const text = 'a\tb\\n"c"\nd\\.';
    await load(
      await fileOf('dividas-t.csv', HEADER, line('t1', cpf, { credor: `"${text.replaceAll('"', '""')}"`, cnpj: '' })),
    );
    const { rows } = await testBases.baseA.owner.query(
      "SELECT c.nome FROM divida d JOIN credor c ON c.id = d.credor_id WHERE d.id = 't1'",
    );
    expect(rows).toEqual([{ nome: text }]);
  });

  it('needs the people first, and can be run again once the base has them', async () => {
    const cpf = cpfFromBase(String(next++));
    const file = await fileOf('dividas-p.csv', HEADER, line('p1', cpf));
    expect((await load(file)).counts).toMatchObject({ refused: 1 });
    await insert(testBases.baseA.owner, 'pessoa', { cpf, nome: 'Bia Fictícia', situacao_cadastral: 'REGULAR' });
    const again = await load(file);
    expect(again.counts).toMatchObject({ inserted: 1, refused: 0 });
    expect(again.refusedFile).toBeUndefined();
    await expect(stat(`${file}.recusadas.csv`)).rejects.toThrow('ENOENT');
  });
});

describe('the file of refused lines', () => {
  it('is readable by its owner only, also after a run whose file all could read, and is not written through a link', async () => {
    const file = await fileOf('dividas-m.csv', HEADER, line('k1', '11111111111'));
    const refused = `${file}.recusadas.csv`;
    await load(file);
    expect((await stat(refused)).mode & 0o777).toBe(0o600);
    await chmod(refused, 0o644);
    await load(file);
    expect((await stat(refused)).mode & 0o777).toBe(0o600);
    await rm(refused);
    const other = await fileOf('other.txt', 'untouched');
    await symlink(other, refused);
    await load(file);
    expect(await readFile(other, 'utf8')).toBe('untouched\n');
  });

  it('is in the order of the input, also when a later batch ends first', async () => {
    const cpf = await novaPessoa();
    const slow = Array.from({ length: 9_999 }, (_, at) => line(`o${at}`, cpf));
    const quick = Array.from({ length: 10_000 }, (_, at) => line(`p${at}`, '11111111111'));
    const file = await fileOf('dividas-o.csv', HEADER, ...slow, line('o9999', '52998224725'), ...quick);
    await load(file);
    const numbers = (await refusedLines(file)).slice(2).map((refused) => Number(refused.split(',')[0]));
    expect(numbers).toEqual(Array.from({ length: 10_001 }, (_, at) => 10_001 + at));
  });

  it('never contains a card number, whatever the reason of the refusal', async () => {
    const header = 'id,cpf,data_hora,valor,estabelecimento,bandeira,final_cartao,forma_pagamento,parcelas,aprovada';
    const rest = 'VISA,0042,A_VISTA,1,true';
    const file = await fileOf(
      'compras-pan.csv',
      header,
      `1,11111111111,2026-01-01T10:00:00Z,1.00,Loja 4111111111111111,${rest}`,
      `2,52998224725,2026-01-01T10:00:00Z,1.00,Loja,VISA,4111-1111-1111-1112,A_VISTA,1,true`,
    );
    await load(file, compras);
    const text = await readFile(`${file}.recusadas.csv`, 'utf8');
    expect(text).toMatch(/2,CPF_INVALIDO,cpf,.*Loja \*{12}1111/);
    expect(text).toMatch(/3,PAN_PROIBIDO,final_cartao,.*\*{4}-\*{4}-\*{4}-1112/);
  });
});

describe('an import that cannot go on', () => {
  it('names the lines that were not loaded, without their values, and succeeds when run again', async () => {
    const cpf = await novaPessoa();
    const { owner } = testBases.baseA;
    await owner.query("ALTER TABLE divida ADD CONSTRAINT so_hoje CHECK (contrato <> '66') NOT VALID");
    const lines = Array.from({ length: 15_000 }, (_, at) => line(`q${at}`, cpf));
    lines[12_000] = line('q12000', cpf).replace(',77,', ',66,');
    const file = await fileOf('dividas-q.csv', HEADER, ...lines);
    const error = await load(file).catch((cause: unknown) => cause as Error);
    expect(String(error)).toMatch(/base-a did not take lines \d+ to \d+ \(SQLSTATE 23514\); run the import again/);
    expect(String(error)).not.toContain(cpf);

    await owner.query('ALTER TABLE divida DROP CONSTRAINT so_hoje');
    const { counts } = await load(file);
    expect(counts.read).toBe(15_000);
    expect(counts.inserted).toBeGreaterThan(0);
    expect(counts.unchanged).toBeGreaterThan(0);
    expect(counts.inserted + counts.unchanged).toBe(15_000);
  });

  it('succeeds when run again after its connections were cut', async () => {
    const cpf = await novaPessoa();
    const { owner } = testBases.baseA;
    const file = await fileOf(
      'dividas-z.csv',
      HEADER,
      ...Array.from({ length: 45_000 }, (_, at) => line(`z${at}`, cpf)),
    );
    let cut: Promise<unknown> | undefined;
    const running = load(file, dividas, () => {
      cut ??= owner.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()',
      );
    });
    await expect(running).rejects.toThrow(/base-a did not take lines/);
    await cut;
    const { counts } = await load(file);
    expect(counts.unchanged).toBeGreaterThan(0);
    expect(counts.inserted + counts.unchanged).toBe(45_000);
  });

  it('refuses a missing file, and a file with the header of another kind', async () => {
    await expect(load(join(folder, 'dividas-none.csv'))).rejects.toThrow('ENOENT');
    await expect(load(await fileOf('dividas-h.csv', 'id,cpf,tipo'))).rejects.toThrow('column 3 of the header');
  });
});
