import fc from 'fast-check';
import { codeColumn, optional, textColumn } from '../../src/import/columns.ts';
import { csvReader } from '../../src/import/csv-reader.ts';
import type { FileRecord } from '../../src/import/file-record.ts';

const columns = [textColumn('id', 64), textColumn('nome', 200), optional(textColumn('nota', 500))];

/** Reads a text cut into pieces of `size` characters. */
function read(text: string, size = text.length || 1): FileRecord[] {
  const reader = csvReader(columns);
  const records: FileRecord[] = [];
  for (let at = 0; at < text.length; at += size) records.push(...reader.push(text.slice(at, at + size)));
  return [...records, ...reader.end()];
}

const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;
const encode = (field: string, always: boolean): string => (always || /[",;\r\n]/.test(field) ? quoted(field) : field);

describe('reading CSV', () => {
  it('gives back any fields of RFC 4180, however the file is cut into pieces, and the line each record starts on', () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'ç', ' ', ',', ';', '"', '\n', '\r\n', '1') });
    const record = fc.tuple(fc.constantFrom('x1', 'x2'), field, field, fc.boolean());
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom(',', ';'),
        fc.boolean(),
        (rows, size, lineEnd, delimiter, endsWithLineEnd) => {
          const lines = rows.map(([id, nome, nota, always]) =>
            [id, nome, nota].map((text) => encode(text, always)).join(delimiter),
          );
          const text =
            [['id', 'nome', 'nota'].join(delimiter), ...lines].join(lineEnd) + (endsWithLineEnd ? lineEnd : '');
          let line = 2;
          const expected = rows.map(([id, nome, nota], at) => {
            const start = line;
            line += (lines[at] as string).split('\n').length;
            return { line: start, original: lines[at], values: [id, nome, nota] };
          });
          expect(read(text, size)).toEqual(expected);
        },
      ),
    );
  });

  it('finds columns by name in any order, an absent optional one empty, with or without byte order mark', () => {
    expect(read('\uFEFF"Nome" , id\nAna,1\n')).toEqual([{ line: 2, original: 'Ana,1', values: ['1', 'Ana', ''] }]);
  });

  it('passes over empty lines and counts them', () => {
    expect(read('id,nome\n\n1,Ana\n\n\n2,Bia\n').map(({ line }) => line)).toEqual([3, 6]);
  });

  it('loses only the line with the broken quote, and reads on', () => {
    const records = read('id,nome\n1,"Ana\n2,Bia\n3,"Caio",\n4,Eva"\n5,"Gil"\n');
    expect(records.map(({ line, values }) => [line, values?.[1]])).toEqual([
      [2, undefined],
      [3, 'Bia'],
      [4, undefined],
      [5, undefined],
      [6, 'Gil'],
    ]);
  });

  it('takes a quote that is still open after 65,536 characters for a broken one, though the file goes on', () => {
    const lines = Array.from({ length: 9_000 }, (_, at) => `${at},nome ${at}`);
    const records = read(`id,nome\n0,"aberta\n${lines.join('\n')}\n`, 10_000);
    expect(records.length).toBe(9_001);
    expect(records.filter(({ values }) => values === undefined).map(({ line }) => line)).toEqual([2]);
    expect(records.at(-1)?.line).toBe(9_002);
  });

  it('loses only the first line of a record that spans lines and has another number of columns than the header', () => {
    const records = read('id,nome\n1,x,"Ana\n2,Bia\n3,y"\n4,Eva\n');
    expect(records.map(({ line, values }) => [line, values?.[1]])).toEqual([
      [2, undefined],
      [3, 'Bia'],
      [4, undefined],
      [5, 'Eva'],
    ]);
  });

  it('refuses a record of more than 65,536 characters in quotes, however the file is cut into pieces', () => {
    const text = `id,nome\n1,"${'a\n'.repeat(40_000)}"\n2,Bia\n`;
    const whole = read(text);
    expect(whole[0]).toEqual({ line: 2, original: '1,"a', values: undefined });
    expect(whole.at(-1)).toEqual({ line: 40_003, original: '2,Bia', values: ['2', 'Bia', ''] });
    expect(read(text, 50_000)).toEqual(whole);
  });

  it('finds malformed what has another number of columns, is not UTF-8, or holds NUL', () => {
    const records = read('id,nome\n1\n2,Bia,x\n3,S\uFFFDo\n4,a\0b\n5,Eva\n');
    expect(records.map(({ values }) => values === undefined)).toEqual([true, true, true, true, false]);
  });

  it.each([
    ['', 'the file is empty'],
    ['id\n1\n', 'the header lacks: nome'],
    ['id,nome,id\n', 'has the column id twice'],
    ['id,nome,52998224725\n', 'column 3 of the header is none of: id, nome, nota'],
  ])('refuses the header of %j without repeating what may be data', (text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).not.toThrow('52998224725');
  });

  it('refuses a file whose line never ends instead of filling the memory', () => {
    const reader = csvReader([codeColumn('id', '', /x/, 'text')]);
    reader.push('id\n');
    expect(() => reader.push('x'.repeat(1_000_001))).toThrow('line 2 is over 1000000 characters');
  });
});
