import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { insert, openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import iconv from 'iconv-lite';
import { importFile, type ImportOptions } from '../../src/import/import-file.ts';
import { dividas } from '../../src/import/kinds/base-a.ts';
import { ANA, HEADER, line, nextId, sheet } from './debt-sheet.ts';

let bases: TestBases;
let folder: string;
beforeAll(async () => {
  bases = await openTestBases();
  folder = await mkdtemp(join(tmpdir(), 'pessoa-recusadas-'));
  await insert(bases.baseA.owner, 'pessoa', { cpf: ANA, nome: 'Ana Fictícia', situacao_cadastral: 'REGULAR' });
});
afterAll(async () => {
  await bases.drop();
  await rm(folder, { recursive: true });
});

const load = (file: string, formatOptions: ImportOptions['formatOptions'] = {}) =>
  importFile({ file, kind: dividas, formatOptions, connectionString: bases.baseA.ownerUrl });

let files = 0;
/** Loads a file and gives the one of its refused lines. */
async function refusedOf(content: string | Buffer, extension = 'csv'): Promise<string> {
  const file = join(folder, `dividas-${++files}.${extension}`);
  await writeFile(file, content);
  const { refusedFile } = await load(file);
  return refusedFile as string;
}

async function correct(file: string, encoding: string, change: (text: string) => string): Promise<void> {
  const text = iconv.decode(await readFile(file), encoding, { stripBOM: false });
  await writeFile(file, iconv.encode(change(text), encoding, { addBOM: false }));
}

const nameOf = async (id: string): Promise<unknown> =>
  (await bases.baseA.owner.query('SELECT c.nome FROM divida d JOIN credor c ON c.id = d.credor_id WHERE d.id = $1', [id]))
    .rows[0]; // prettier-ignore

const STRICT_HEADER =
  'id,cpf,credor_nome,contrato,modalidade,natureza,situacao,valor_original,vencimento,data_inclusao,principal';
const strict = (id: string, cpf: string, nome: string): string =>
  `${id},${cpf},${nome},77,OUTROS,COBRANCA,EM_ABERTO,1.00,2026-01-31,2026-02-28,true`;
const object = (id: string, cpf: string): string =>
  JSON.stringify({ id, cpf, credor_nome: 'Loja "São João", 1', contrato: '77', modalidade: 'OUTROS', natureza: 'COBRANCA', situacao: 'EM_ABERTO', valor_original: '1.00', vencimento: '2026-01-31', data_inclusao: '2026-02-28', principal: true }); // prettier-ignore
const WRONG = '11111111111';

describe('Refused lines that were corrected are imported as they stand', () => {
  it.each(['utf8', 'windows-1252', 'utf16le', 'utf16be'])('from a sheet in %s', async (encoding) => {
    const id = nextId();
    const text = sheet(line(), line({ id, cpf: WRONG, credor: 'Loja "São João"' }));
    const file = await refusedOf(iconv.encode(text, encoding, { addBOM: encoding.startsWith('utf16') }));
    await correct(file, encoding, (refused) => refused.replace(WRONG, ANA));
    const report = await load(file);
    expect(report.counts).toEqual({ read: 1, inserted: 1, updated: 0, unchanged: 0, refused: 0 });
    expect(await nameOf(id)).toEqual({ nome: 'Loja "São João"' });
  });

  it.each<[string, string, (id: string) => string | Buffer]>([
    ['the strict form', 'csv', (id) => `${STRICT_HEADER}\n${strict('x', ANA, 'A')}\n${strict(id, WRONG, '"Loja ""São João"", 1"')}\n`], // prettier-ignore
    ['a field of two lines', 'csv', (id) => `${STRICT_HEADER}\n${strict('x', ANA, 'A')}\n${strict(id, WRONG, '"Loja\nSão João"')}\n`], // prettier-ignore
    ['NDJSON', 'ndjson', (id) => `${object('x', ANA)}\n${object(id, WRONG)}\n`],
    ['NDJSON in gzip', 'ndjson.gz', (id) => gzipSync(`${object('x', ANA)}\n${object(id, WRONG)}\n`)],
    ['titles', 'csv', (id) => `Dívidas\n${sheet(line({ id, cpf: WRONG }))}`],
  ])('from %s', async (_, extension, content) => {
    const id = nextId();
    const file = await refusedOf(content(id), extension);
    await correct(file, 'utf8', (refused) => refused.replace(WRONG, ANA));
    expect((await load(file)).counts).toMatchObject({ read: 1, inserted: 1, refused: 0 });
    expect(await nameOf(id)).toMatchObject({ nome: expect.stringMatching(/^Loja/) as unknown });
  });

  it('also where a spreadsheet wrote them again', async () => {
    const id = nextId();
    const file = await refusedOf(`${STRICT_HEADER}\n${strict(id, WRONG, 'Loja')}\n`);
    const rows = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const rewritten = rows.map((row) => row.replace(/,(.*?),(.*?),/, ';$1;$2;').replace(/^(\w+),/, '$1;'));
    await writeFile(file, `\uFEFF${rewritten.join('\r\n').replace(WRONG, ANA)}\r\n`);
    expect(await readFile(file, 'utf8')).toContain('linha;codigo;campo;original');
    expect((await load(file)).counts).toMatchObject({ inserted: 1, refused: 0 });
  });

  it('and those that are still wrong are refused again, by the line where they stand', async () => {
    const text = sheet(line({ cpf: WRONG }), line({ cpf: WRONG, valor: '1 2' }), line({ cpf: WRONG }));
    const file = await refusedOf(text);
    await correct(file, 'utf8', (refused) => refused.replace(WRONG, ANA).replace(WRONG, ANA));
    const { counts, refusedFile } = await load(file);
    expect(counts).toMatchObject({ read: 3, inserted: 1, refused: 2 });
    const rows = (await readFile(refusedFile as string, 'utf8')).split('\n');
    expect(rows.slice(0, 2)).toEqual(['linha;codigo;campo;original', `2;;;"${HEADER}"`]);
    expect(rows.slice(2).map((row) => row.split(';').slice(0, 3).join(' '))).toEqual([
      '4 DINHEIRO_INVALIDO valor_original',
      '5 CPF_INVALIDO cpf',
      '',
    ]);
  });

  it('but not where a row has lost a column', async () => {
    const file = await refusedOf(sheet(line({ cpf: WRONG })));
    await correct(file, 'utf8', (refused) => refused.replace(';CPF_INVALIDO;', ';'));
    await expect(load(file)).rejects.toThrow(/line 3 does not have the four columns linha, codigo, campo, original/);
  });
});

describe('A line with bytes of no character', () => {
  it.each<[string, Buffer]>([
    ['Windows-1252 within UTF-8', Buffer.from('Loja S\xe3o', 'latin1')],
    ['the start of a character alone', Buffer.from('Loja \xf0\x9f', 'latin1')],
    ['a byte that is never one', Buffer.from('\xff\xfe Loja \x80', 'latin1')],
    ['a surrogate in three bytes', Buffer.from('Loja \xed\xa0\x80', 'latin1')],
  ])('is refused with its bytes as they were: %s', async (_, name) => {
    const [before, after] = line({ cpf: ANA, credor: '@' }).split('@') as [string, string];
    const bad = Buffer.concat([Buffer.from(before), name, Buffer.from(after)]);
    const good = sheet(line({ credor: 'São João' }));
    const file = await refusedOf(Buffer.concat([Buffer.from(good), bad, Buffer.from('\r\n')]));
    expect((await readFile(file)).includes(bad)).toBe(true);
    expect((await load(file)).counts).toMatchObject({ read: 1, refused: 1 });
  });
});
