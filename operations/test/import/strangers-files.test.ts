import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { cpfFromBase } from '@pessoa/domain/cpf';
import { insert, openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import iconv from 'iconv-lite';
import { importFile, type ImportOptions } from '../../src/import/import-file.ts';
import { dividas, pessoasBaseA } from '../../src/import/kinds/base-a.ts';
import { consultas } from '../../src/import/kinds/base-c.ts';
import { ANA, line, type Line, nextId, sheet } from './debt-sheet.ts';

let bases: TestBases;
let folder: string;
/** A CPF whose first digits are zeros. */
const ZEROS = cpfFromBase('000000191');
beforeAll(async () => {
  bases = await openTestBases();
  folder = await mkdtemp(join(tmpdir(), 'pessoa-estranhos-'));
  for (const cpf of [ZEROS, ANA]) {
    await insert(bases.baseA.owner, 'pessoa', { cpf, nome: 'Ana Fictícia', situacao_cadastral: 'REGULAR' });
    await insert(bases.baseC.owner, 'titular', { cpf });
  }
});
afterAll(async () => {
  await bases.drop();
  await rm(folder, { recursive: true });
});

let files = 0;
async function load(content: string | Buffer, options: Partial<ImportOptions> & { name?: string } = {}) {
  const file = join(folder, options.name ?? `dividas-${++files}.csv`);
  await writeFile(file, content);
  const kind = options.kind ?? dividas;
  const connectionString = bases[kind.base === 'base-a' ? 'baseA' : 'baseC'].ownerUrl;
  const report = await importFile({ connectionString, ...options, file, kind });
  return { file, report };
}

async function stored(id: string) {
  const { rows } = await bases.baseA.owner.query(
    `SELECT d.cpf, c.nome, valor_original::text AS valor, vencimento::text, principal FROM divida d JOIN credor c ON c.id = d.credor_id WHERE d.id = $1`,
    [id],
  );
  return rows[0] as Record<string, unknown> | undefined;
}
const EXPECTED = { cpf: ANA, nome: 'Loja São João', valor: '1234.56', vencimento: '2026-01-31', principal: true };

describe('a file of somebody else', () => {
  it.each<[string, (text: string) => Buffer]>([
    ['UTF-8', (text) => Buffer.from(text)],
    ['UTF-8 with mark', (text) => Buffer.from(`\uFEFF${text}`)],
    ['UTF-16LE with mark', (text) => iconv.encode(text, 'utf16le', { addBOM: true })],
    ['UTF-16BE with mark', (text) => iconv.encode(text, 'utf16be', { addBOM: true })],
    ['UTF-16LE without mark', (text) => iconv.encode(text, 'utf16le')],
    ['UTF-16BE without mark', (text) => iconv.encode(text, 'utf16be')],
    ['Windows-1252', (text) => iconv.encode(text, 'windows-1252')],
    ['gzip', (text) => gzipSync(text)],
    ['gzip of Windows-1252', (text) => gzipSync(iconv.encode(text, 'windows-1252'))],
    ['zstd', (text) => zstdCompressSync(Buffer.from(text))],
  ])('is read in %s', async (_, encode) => {
    const id = nextId();
    const { report } = await load(encode(sheet(line({ id }))));
    expect(report.counts).toMatchObject({ read: 1, inserted: 1, refused: 0 });
    expect(await stored(id)).toEqual(EXPECTED);
    expect(report.readAs).toEqual(expect.arrayContaining(['separator semicolon', 'decimal comma', 'day first']));
  });

  it.each<[string, (text: string) => string]>([
    ['tabs', (text) => text.replaceAll(';', '\t')],
    ['bars', (text) => text.replaceAll(';', '|')],
    ['a separator line', (text) => `sep=;\r\n${text}`],
    [
      'empty lines, separators at the ends and an empty column',
      (text) => `\r\n${text.replaceAll('\r\n', ';;\r\n')};;;;\r\n`,
    ],
    ['CR alone', (text) => text.replaceAll('\r\n', '\r')],
    ['mixed line ends', (text) => text.replace('\r\n', '\n')],
    ['Control-Z at the end', (text) => `${text}\x1A`],
    ['NULs and spaces around fields', (text) => text.replaceAll(';', '\0\0 ; \u00a0')],
    ['quotes around every field', (text) => text.replace(/[^;\r\n]+/g, '"$&"')],
    ['formulas that keep zeros', (text) => text.replace(/;(\d+);/g, ';="$1";')],
    ['a line of totals', (text) => `${text}Total;;;;;;;9.999.999,99;;;\r\n`],
  ])('is read with %s', async (_, change) => {
    const id = nextId();
    const { report } = await load(change(sheet(line({ id }))));
    expect(report.counts).toMatchObject({ read: 1, inserted: 1, refused: 0 });
    expect(await stored(id)).toEqual(EXPECTED);
  });

  it.each<[string, Line, object]>([
    ['R$ 1.234,56', { valor: 'R$ 1.234,56' }, { valor: '1234.56' }],
    ['1234,5', { valor: '1234,5' }, { valor: '1234.50' }],
    ['1.234.567', { valor: '1.234.567' }, { valor: '1234567.00' }],
    ['zeros before', { valor: '0000001234,56' }, { valor: '1234.56' }],
    ['1.234 beside a decimal comma', { valor: '1.234' }, { valor: '1234.00' }],
    ['aaaammdd', { vencimento: '20260131' }, { vencimento: '2026-01-31' }],
    ['ddmmaaaa', { vencimento: '31012026' }, { vencimento: '2026-01-31' }],
    ['ISO', { vencimento: '2026-01-31' }, { vencimento: '2026-01-31' }],
    ['midnight', { vencimento: '31/01/2026 00:00:00' }, { vencimento: '2026-01-31' }],
    ['03/04/2026 beside 31/01/2026', { vencimento: '03/04/2026' }, { vencimento: '2026-04-03' }],
    ['N', { principal: 'N' }, { principal: false }],
    ['não', { principal: 'não' }, { principal: false }],
    ['FALSO', { principal: 'FALSO' }, { principal: false }],
    ['0', { principal: '0' }, { principal: false }],
    ['a CPF without its zeros', { cpf: ZEROS.replace(/^0+/, '') }, { cpf: ZEROS }],
    ['a CPF in a wider field', { cpf: `000${ANA}` }, { cpf: ANA }],
    ['a CPF with an apostrophe', { cpf: `'${ANA}` }, { cpf: ANA }],
    ['a quote inside a name', { credor: 'Loja "X" Ltda' }, { nome: 'Loja "X" Ltda' }],
  ])('is read with %s', async (_, fields, expected) => {
    const id = nextId();
    await load(sheet(line(), line({ id, ...fields })));
    expect(await stored(id)).toMatchObject(expected);
  });

  it.each<[string, Line, string]>([
    ['1,23457E+10', { cpf: '1,23457E+10' }, 'NOTACAO_CIENTIFICA'],
    ['a year of two digits', { vencimento: '31/01/26' }, 'DATA_INVALIDA'],
    ['(1.234,56)', { valor: '(1.234,56)' }, 'DINHEIRO_INVALIDO'],
    ['1.234,56-', { valor: '1.234,56-' }, 'DINHEIRO_INVALIDO'],
    ['a serial day', { vencimento: '46053' }, 'DATA_INVALIDA'],
    ['a CPF that zeros do not prove', { cpf: ANA.slice(0, 10) }, 'CPF_INVALIDO'],
    ['a fraction of a centavo', { valor: '1,239' }, 'DINHEIRO_INVALIDO'],
  ])('costs the line with %s', async (_, fields, code) => {
    const { report } = await load(sheet(line(), line(fields)));
    expect(Object.fromEntries(report.refusedByCode)).toEqual({ [code]: 1 });
    expect(report.counts).toMatchObject({ inserted: 1, refused: 1 });
  });

  it.each<[string, Line[], RegExp]>([
    [
      '1.234 alone',
      [{ valor: '1.234' }],
      /valor_original of line 2 may have thousands or a fraction: say which by --format br/,
    ],
    ['1,234 alone', [{ valor: '1,234' }], /may have thousands or a fraction/],
    [
      'both signs',
      [{ valor: '1.234,56' }, { valor: '1,234.56' }],
      /valor_original of line 2 has a decimal comma and valor_original of line 3 a decimal point/,
    ],
    [
      '03/04/2025 alone',
      [{ vencimento: '03/04/2025', inclusao: '04/05/2025' }],
      /its day or its month first: say which by --format br/,
    ],
    ['the month first', [{ vencimento: '12/31/2025', inclusao: '01/02/2026' }], /month first, which is not read/],
  ])('is refused whole, with the option, where it has two readings: %s', async (_, lines, message) => {
    await expect(load(sheet(...lines.map((one) => line(one))))).rejects.toThrow(message);
  });

  it('is read as said where it has two readings', async () => {
    const id = nextId();
    await load(sheet(line({ id, valor: '1.234', vencimento: '03/04/2025', inclusao: '04/05/2025' })), {
      formatOptions: { format: 'br' },
    });
    expect(await stored(id)).toMatchObject({ valor: '1234.00', vencimento: '2025-04-03' });
  });

  it('needs to know where a clock without offset stands', async () => {
    const text = (time: string): string =>
      `id;cpf;consulente;data_hora;finalidade;pelo_titular\n${nextId()};${ANA};Banco;${time};COBRANCA;N\n`;
    const options = { kind: consultas, name: 'consultas.csv' };
    await expect(load(text('31/01/2026 10:00:00'), options)).rejects.toThrow('--fuso America/Sao_Paulo');
    const { report } = await load(text('31/01/2026 10:00:00'), {
      ...options,
      formatOptions: { zone: 'America/Sao_Paulo' },
    });
    expect(report.counts).toMatchObject({ inserted: 1 });
    const { rows } = await bases.baseC.owner.query(
      'SELECT max(extract(epoch FROM data_hora))::bigint::text AS hora FROM consulta',
    );
    expect(rows).toEqual([{ hora: String(Date.parse('2026-01-31T13:00:00Z') / 1000) }]);
  });

  it('says by --encoding what its bytes leave open', async () => {
    const id = nextId();
    const bytes = iconv.encode(sheet(line({ id })), 'cp850');
    await expect(load(bytes)).rejects.toThrow('--encoding');
    await load(bytes, { formatOptions: { encoding: 'cp850' } });
    expect(await stored(id)).toEqual(EXPECTED);
  });

  it.each<[string, string | Buffer, RegExp]>([
    ['a workbook', 'PK\x03\x04......[Content_Types].xml', /Excel workbook: save it as "CSV UTF-8"/],
    ['a ZIP', 'PK\x03\x04......dividas.csv', /ZIP archive: run `unzip`/],
    ['bzip2', 'BZh91AY', /bunzip2/],
    ['xz', Buffer.from('\xFD7zXZ\0', 'latin1'), /unxz/],
    ['an old workbook', Buffer.from('\xD0\xCF\x11\xE0', 'latin1'), /old Excel workbook/],
    ['half a gzip', gzipSync(sheet(line())).subarray(0, 60), /damaged or incomplete/],
    ['a workbook in gzip', gzipSync('PK\x03\x04xl/workbook.xml'), /Excel workbook/],
  ])('is named where it is no text: %s', async (_, content, message) => {
    await expect(load(content)).rejects.toThrow(message);
  });

  it('has its refused lines in its own encoding and separator', async () => {
    const { file } = await load(iconv.encode(sheet(line(), line({ cpf: '11111111111' })), 'windows-1252'));
    const bytes = await readFile(`${file}.recusadas.csv`);
    expect(iconv.decode(bytes, 'windows-1252')).toMatch(
      /^linha;codigo;campo;original\n1;;;"ID;CPF;.*"\n3;CPF_INVALIDO;cpf;".*Loja São João.*"\n$/,
    );
  });

  it('is read as ever where it is in the strict form, its other lines refused', async () => {
    const header = 'cpf,nome,situacao_cadastral,cep';
    const text = `${header}\n${ANA},Ana,REGULAR,01310100\n${ZEROS},Bia,Regular,01310-100\n`;
    const { report } = await load(text, { kind: pessoasBaseA, name: 'pessoas.csv' });
    expect(Object.fromEntries(report.refusedByCode)).toEqual({ ENUM_INVALIDO: 1 });
    expect(report.readAs).toEqual([]);
  });
});
