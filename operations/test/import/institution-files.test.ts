import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { insert, openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import iconv from 'iconv-lite';
import { importFile, type ImportOptions } from '../../src/import/import-file.ts';
import { dividas, pessoasBaseA } from '../../src/import/kinds/base-a.ts';
import { movimentacoes } from '../../src/import/kinds/base-c.ts';
import { ANA, HEADER, line, type Line, nextId, sheet } from './debt-sheet.ts';

let bases: TestBases;
let folder: string;
beforeAll(async () => {
  bases = await openTestBases();
  folder = await mkdtemp(join(tmpdir(), 'pessoa-instituicoes-'));
  await insert(bases.baseA.owner, 'pessoa', { cpf: ANA, nome: 'Ana Fictícia', situacao_cadastral: 'REGULAR' });
  await insert(bases.baseC.owner, 'titular', { cpf: ANA });
});
afterAll(async () => {
  await bases.drop();
  await rm(folder, { recursive: true });
});

let files = 0;
async function load(content: string | Buffer, options: Partial<ImportOptions> & { name?: string } = {}) {
  const kind = options.kind ?? dividas;
  const file = join(folder, options.name ?? `${kind.name}-${++files}.csv`);
  await writeFile(file, content);
  const connectionString = bases[kind.base === 'base-a' ? 'baseA' : 'baseC'].ownerUrl;
  return importFile({ connectionString, ...options, file, kind });
}

async function stored(id: string) {
  const { rows } = await bases.baseA.owner.query(
    `SELECT c.nome, d.contrato, valor_original::text AS valor, vencimento::text, parcelas_em_atraso AS parcelas
       FROM divida d JOIN credor c ON c.id = d.credor_id WHERE d.id = $1`,
    [id],
  );
  return rows[0] as Record<string, unknown> | undefined;
}

const codesOf = ({ refusedByCode }: Awaited<ReturnType<typeof load>>) => Object.fromEntries(refusedByCode);

describe('a file of an institution is read with', () => {
  it.each<[string, (text: string) => string, string?]>([
    ['titles above the header', (text) => `Relatório de Dívidas;;;\r\nEmitido em 28/11/2026;;;\r\n\r\n${text}`],
    ['a header record of a mainframe', (text) => `HDR20261128BANCO FICTICIO\r\n${text}`],
    ['a separator line below its title', (text) => `Dívidas\r\nsep=;\r\n${text}`],
    ['its header once more in the middle', (text) => text.replace(`${HEADER}\r\n`, `${HEADER}\r\n${HEADER}\r\n`)],
    ['a mark in the middle, where two files were joined', (text) => `${text}\uFEFF${HEADER}\r\n`],
    ['form feeds where pages begin', (text) => text.replace('\r\n', '\r\n\f')],
    ['Control-Z in the middle', (text) => text.replace('\r\n', '\r\n\x1A')],
    ['thin and narrow spaces', (text) => text.replaceAll(';', '\u202f;\u2009')],
    ['direction marks that were copied with its dates', (text) => text.replaceAll(/\d\d\/\d\d\/\d{4}/g, '\u200e$&\u200e')],
    ['zero-width spaces within its values', (text) => text.replaceAll(/;(\d)/g, ';\u200b$1\u2060')],
    ['counts beside the word for a total', (text) => `${text}Total geral;1;;;;;;R$ 1.234,56;;;\r\n`],
    ['spaces in a header of capitals', (text) => text.replace(HEADER, HEADER.toUpperCase().replaceAll(';', ' ; '))],
  ])('%s', async (_, change) => {
    const id = nextId();
    const report = await load(change(sheet(line({ id }))));
    expect(report.counts).toMatchObject({ read: 1, inserted: 1, refused: 0 });
    expect(await stored(id)).toMatchObject({ nome: 'Loja São João', valor: '1234.56', vencimento: '2026-01-31' });
  }); // prettier-ignore

  it('titles, and says where it found the header', async () => {
    const report = await load(`Dívidas\r\nde novembro\r\n${sheet(line())}`);
    expect(report.readAs).toContain('header in line 3, below 2 lines of titles');
  });

  it.each<[string, Line, object]>([
    ['03-ABR-2025', { vencimento: '03-ABR-2025' }, { vencimento: '2025-04-03' }],
    ['20011980 for the 20th of January', { vencimento: '20011980' }, { vencimento: '1980-01-20' }],
    ['1.234,56 with the spaces of a bank', { valor: '1\u00a0234,56' }, { valor: '1234.56' }],
    ['R$ - for nothing', { valor: ' R$ - ' }, { valor: '0.00' }],
    ['a CPF with thousands', { cpf: ANA.replace(/\B(?=(\d{3})+$)/g, '.') }, {}],
  ])('%s', async (_, fields, expected) => {
    const id = nextId();
    const report = await load(sheet(line(), line({ id, ...fields })));
    expect(report.counts).toMatchObject({ inserted: 2, refused: 0 });
    expect(await stored(id)).toMatchObject(expected);
  });

  it.each([
    ['2026-01-31-10.15.30.123456', '2026-01-31T13:15:30.123Z'],
    ['20260131101530', '2026-01-31T13:15:30.000Z'],
    ['31/01/2026 9:30', '2026-01-31T12:30:00.000Z'],
    ['31-JAN-2026 09:30:00', '2026-01-31T12:30:00.000Z'],
  ])('the clock %s', async (clock, instant) => {
    const id = nextId();
    const text = `id;cpf;data_hora;natureza;tipo;valor;situacao\n${id};${ANA};${clock};Débito;PIX;1,50;Transação efetivada\n`;
    const report = await load(text, { kind: movimentacoes, formatOptions: { zone: 'America/Sao_Paulo' } });
    expect(codesOf(report)).toEqual({});
    const { rows } = await bases.baseC.owner.query('SELECT data_hora FROM movimentacao WHERE id = $1', [id]);
    expect(rows).toEqual([{ data_hora: new Date(instant) }]);
  });
});

const withParcelas = (...parcelas: string[]): string =>
  sheet(...parcelas.map((value) => `${line()};${value}`)).replace(HEADER, `${HEADER};Parcelas em atraso`);

describe('nothing is guessed:', () => {
  it('1.000 parcels are a thousand beside a decimal comma', async () => {
    const id = nextId();
    await load(withParcelas('1').replace(/\r\n.*?;/, `\r\n${id};`).replace(/;1\r\n/, ';1.000\r\n'));
    expect(await stored(id)).toMatchObject({ parcelas: 1000 });
  }); // prettier-ignore

  it('1.000 parcels are refused with the option where no amount has a decimal sign', async () => {
    const text = withParcelas('1.000').replaceAll('1.234,56', '1234');
    await expect(load(text)).rejects.toThrow(/parcelas_em_atraso of line 2 may have thousands .* --format br/);
  });

  it.each<[string, Line, string]>([
    ['two numbers in one field', { valor: '10 20' }, 'DINHEIRO_INVALIDO'],
    ['the side of an account', { valor: '1.234,56 D' }, 'DINHEIRO_INVALIDO'],
    ['another currency', { valor: 'US$ 1.234,56' }, 'DINHEIRO_INVALIDO'],
    ['a month of no language', { vencimento: '03-ABX-2025' }, 'DATA_INVALIDA'],
    ['a day that lost its zero', { vencimento: '1022026' }, 'DATA_INVALIDA'],
    ['an X for a boolean', { principal: 'X' }, 'BOOLEANO_INVALIDO'],
    ['a blank for a boolean', { principal: '' }, 'CAMPO_OBRIGATORIO'],
    ['a CPF as Java cuts it', { cpf: '1.23457E10' }, 'NOTACAO_CIENTIFICA'],
    ['a name decoded twice', { credor: 'Loja SÃ£o JoÃ£o' }, 'TEXTO_DANIFICADO'],
    ['a dash decoded twice', { credor: 'Loja â€“ Centro' }, 'TEXTO_DANIFICADO'],
    ['an ordinal decoded twice', { credor: '2Âº Cartório' }, 'TEXTO_DANIFICADO'],
    ['the error of a formula', { credor: '#N/D' }, 'TEXTO_DANIFICADO'],
    ['a column too narrow to be shown', { credor: '########' }, 'TEXTO_DANIFICADO'],
    ['a bell in a name', { credor: 'Loja\x07 Um' }, 'TEXTO_DANIFICADO'],
    ['quotes closed with a backslash', { credor: '"Loja \\"X\\" Ltda"' }, 'LINHA_MALFORMADA'],
    ['a quote opened thrice', { credor: '"Loja "X" e "Y"' }, 'LINHA_MALFORMADA'],
  ])('%s costs its line', async (_, fields, code) => {
    const report = await load(sheet(line(), line(fields)));
    expect(codesOf(report)).toEqual({ [code]: 1 });
    expect(report.counts).toMatchObject({ read: 2, inserted: 1 });
  });

  it.each(['IRMÃOS', '“AMANHÃ”', 'AMANHÃ…', 'IRMÃ – FILIAL', 'CÂMARA', 'nº 1', 'Ângela', 'Café ☕'])(
    'a name such as %s is not damaged',
    async (credor) => expect(codesOf(await load(sheet(line({ credor }))))).toEqual({}),
  );

  it('a line that only begins like a total is one of its records', async () => {
    const text = `nome;cpf;situacao_cadastral;cidade\nTotal da Silva;;Regular;Recife\nSoma;${ANA};Regular;\n`;
    const report = await load(text, { kind: pessoasBaseA });
    expect(codesOf(report)).toEqual({ CAMPO_OBRIGATORIO: 1 });
    expect(report).toMatchObject({ counts: { read: 2 }, footers: 0 });
  });

  it('a word where an instant belongs costs its line and not the file', async () => {
    const text = `cpf;nome;situacao_cadastral;atualizado_em\n${ANA};Ana;Regular;PENDENTE\n${ANA};Ana;Regular;\n`;
    const report = await load(text, { kind: pessoasBaseA });
    expect(codesOf(report)).toEqual({ INSTANTE_INVALIDO: 1 });
  });

  it.each([
    ['a contract that was cut', '1.23457E+10', 'NOTACAO_CIENTIFICA'],
    ['a mark before a contract', '\uFEFF77', 'TEXTO_DANIFICADO'],
    ['a zero-width space in a contract', '7\u200b7', 'TEXTO_DANIFICADO'],
    ['Control-Z before a contract', '\x1A77', 'TEXTO_DANIFICADO'],
  ])('the strict form refuses %s', async (_, contrato, code) => {
    const header = 'id,cpf,credor_nome,contrato,modalidade,natureza,situacao,valor_original,vencimento,data_inclusao,principal'; // prettier-ignore
    const strict = (id: string, text: string): string =>
      `${id},${ANA},Loja,${text},OUTROS,COBRANCA,EM_ABERTO,1.00,2026-01-31,2026-02-28,true`;
    const report = await load([header, strict(nextId(), '77'), strict(nextId(), contrato), ''].join('\n'));
    expect(codesOf(report)).toEqual({ [code]: 1 });
    expect(report.readAs).toEqual([]);
  });
});

const ebcdic = (text: string): Buffer =>
  Buffer.from(
    [...text].map((letter) => {
      if (/\d/.test(letter)) return 0xf0 + Number(letter);
      const at = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.indexOf(letter);
      return at < 0 ? 0x40 : [0xc1, 0xd1, 0xe2][Math.floor(at / 9)]! + (at % 9);
    }),
  );

/** What it is, its content, what is said of it, its name where that counts. */
const NO_CSV: readonly (readonly [string, string | Buffer, RegExp, string?])[] = [
  ['a page that is named .xls', '<html xmlns:x="urn:schemas"><table><tr><td>cpf</td></tr></table>', /HTML or XML/],
  ['a table without a page', '\uFEFF \r\n<table border=1><tr><td>cpf', /HTML or XML/],
  ['a workbook in XML', '<?xml version="1.0"?><Workbook>', /HTML or XML/],
  ['a list in JSON', '[{"id":"1"},{"id":"2"}]', /JSON.*jq -c/],
  ['a list in JSON, named as lines', '[\n  {"id":"1"}\n]', /JSON.*jq -c/, 'dividas.ndjson'],
  ['a document in JSON', '{"dividas":[]}', /JSON.*\.ndjson/, 'dividas.json'],
  ['lines in JSON, named .csv', `{"id":"1","cpf":"${ANA}"}\n`, /JSON.*\.ndjson/],
  ['rich text', '{\\rtf1\\ansi cpf', /rich text/],
  ['a database', 'SQLite format 3\0', /SQLite/],
  ['a dBase table', Buffer.from('\x03\x7e\x0b\x1c\0\0\0\0', 'latin1'), /dBase/],
  ['a mainframe’s own letters', ebcdic('HDR 20261128 DIVIDAS 00012345678 '.repeat(40)), /EBCDIC.*iconv/],
  ['a PDF in gzip', gzipSync('%PDF-1.7'), /PDF/],
  ['an OpenDocument', 'PK\x03\x04......mimetypeapplication/vnd.oasis.opendocument.spreadsheet', /LibreOffice/],
  ['nothing at all', '', /empty/],
  ['a mark alone', '\uFEFF', /empty|no header/],
  ['a file without a header', `${line()}\n`, /header/],
  ['no line end for a million characters', `${HEADER}\n${'x'.repeat(1_100_000)}`, /over 1000000 characters/],
];

describe('what is no CSV is named, with what to do:', () => {
  it.each(NO_CSV.map(([says, content, message, name]) => ({ says, content, message, name })))(
    '$says',
    async ({ content, message, name }) => {
      const failure = await load(content, name === undefined ? {} : { name }).catch((error: Error) => error);
      expect(failure).toMatchObject({ name: 'ImportError', message: expect.stringMatching(message) as unknown });
      expect((failure as Error).message).not.toContain(ANA);
    },
  );

  it.each(['utf16le', 'utf16be', 'windows-1252'])('a header alone in %s is no line', async (encoding) => {
    const report = await load(iconv.encode(`${HEADER}\r\n`, encoding));
    expect(report.counts).toMatchObject({ read: 0, refused: 0 });
  });
});
