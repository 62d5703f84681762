import { type Format, formats, type Row, writerOf } from '../../src/audit/formats.ts';

const NAMES = ['clientId', 'campos', 'consentimento', 'peloTitular'];
const HOSTILE = 'loja "A",\r\n\u001b[2J\u202e=1';

const written = (format: Format, ...pages: readonly (readonly Row[])[]): string => {
  const write = writerOf(format, NAMES);
  return pages.map(write).join('');
};

/** Reads RFC 4180, as a spreadsheet does. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ',') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('The forms of an answer to an auditor', () => {
  it.each(formats)('%s has one heading for all pages, and one line for each row', (format) => {
    const row: Row = ['loja', ['nome', 'score.valor'], null, true];
    const lines = written(format, [row], [row, row]).trimEnd().split(/\r?\n/);
    expect(lines).toHaveLength(format === 'ndjson' ? 3 : 4);
    expect(lines.filter((line) => line.includes('consentimento'))).toHaveLength(format === 'ndjson' ? 3 : 1);
  });

  it('a table has its columns below one another, on later pages too', () => {
    expect(written('table', [['loja', ['nome'], 'c-1', true]], [['b', ['cpf'], null, false]])).toBe(
      'clientId  campos  consentimento  peloTitular\n' +
        'loja      nome    c-1            true\n' +
        'b         cpf     -              false\n',
    );
  });

  it('a table shows what would move the cursor, end the line or turn the text round', () => {
    const text = written('table', [[HOSTILE, [], null, false]]);
    expect(text).toContain('loja "A",\\u{d}\\u{a}\\u{1b}[2J\\u{202e}=1');
    expect(text.trimEnd().split('\n')).toHaveLength(2);
  });

  it('CSV gives every text back, also with quotes, commas and line breaks', () => {
    expect(readCsv(written('csv', [[HOSTILE, ['nome', 'score.valor'], null, true]]))).toEqual([
      NAMES,
      [HOSTILE, 'nome score.valor', '', 'true'],
    ]);
  });

  it.each(['=cmd|\'/C calc\'!A0', '+1', '-1', '@SUM(1)', '\t=1', '\r=1', ' =1', '＝1', '-'])(
    'CSV has %j as a text and not as a formula',
    (hostile) => {
      const [, [cell] = []] = readCsv(written('csv', [[hostile, [hostile], hostile, false]]));
      expect(cell).toBe(`'${hostile}`);
    },
  ); // prettier-ignore

  it.each([
    ['x;=1+1', "x;'=1+1"],
    ['x; -1', "x; '-1"],
    ['a|@b', "a|'@b"],
  ])('CSV has %j as a text also where another separator than the comma begins a cell', (hostile, text) => {
    const [, [cell] = []] = readCsv(written('csv', [[hostile, [], null, false]]));
    expect(cell).toBe(text);
  });

  it('CSV and the table tell one item with a space from two items', () => {
    const cells = (['csv', 'table'] as const).map((format) =>
      written(format, [['loja', ['a b'], null, false]], [['loja', ['a', 'b'], null, false]]),
    );
    for (const text of cells) expect(text).toMatch(/a b/);
    expect(readCsv(cells[0]!).map(([, campos]) => campos)).toEqual(['campos', '["a b"]', 'a b']);
  });

  it('NDJSON has lists, truth values and what is absent as JSON has them', () => {
    expect(written('ndjson', [[HOSTILE, ['nome'], null, true]])).toBe(
      `${JSON.stringify({ clientId: HOSTILE, campos: ['nome'], consentimento: null, peloTitular: true })}\n`,
    );
  });

  it.each([
    ['table', 'clientId  campos  consentimento  peloTitular\n'],
    ['csv', 'clientId,campos,consentimento,peloTitular\r\n'],
    ['ndjson', ''],
  ] as const)('%s without rows is %j', (format, text) => {
    expect(written(format, [])).toBe(text);
  });
});
