import { booleanColumn, amountColumn, integerColumn, optional, textColumn } from '../../src/import/columns.ts';
import type { FileRecord } from '../../src/import/file-record.ts';
import { ndjsonReader } from '../../src/import/ndjson-reader.ts';

const columns = [
  textColumn('id', 64),
  optional(amountColumn('valor')),
  optional(integerColumn('parcelas', 1, 99)),
  optional(booleanColumn('aprovada')),
];

function read(text: string, size = 7): FileRecord[] {
  const reader = ndjsonReader(columns);
  const records: FileRecord[] = [];
  for (let at = 0; at < text.length; at += size) records.push(...reader.push(text.slice(at, at + size)));
  return [...records, ...reader.end()];
}

describe('reading NDJSON', () => {
  it('gives texts, whole numbers, booleans and nulls as a CSV would have them', () => {
    expect(
      read('\uFEFF{"id":"1","valor":"10.00","parcelas":3,"aprovada":true}\r\n\n{"parcelas":null,"id":"2"}'),
    ).toEqual([
      {
        line: 1,
        original: '{"id":"1","valor":"10.00","parcelas":3,"aprovada":true}',
        values: ['1', '10.00', '3', 'true'],
      },
      { line: 3, original: '{"parcelas":null,"id":"2"}', values: ['2', '', '', ''] },
    ]);
  });

  it.each([
    ['{"id":"a: b","parcelas":3.0}', ['a: b', '', '3', '']],
    ['{"id":"\\"valor\\":1e5","parcelas":-0}', ['"valor":1e5', '', '0', '']],
    ['{"id":"1.5e3 \\\\"}', ['1.5e3 \\', '', '', '']],
  ])('reads %s: what stands in a text is no key and no number', (line, values) =>
    expect(read(line)).toEqual([{ line: 1, original: line, values }]),
  );

  it.each([
    ['{"id":"1","valor":10.5}', 'valor'],
    ['{"id":["1"]}', 'id'],
    ['{"id":{"a":1}}', 'id'],
    ['{"id":"a\\u0000b"}', 'id'],
    ['{"id":"\\ud800"}', 'id'],
    ['{"id":"1","valor":"10.00","valor":"99.00"}', 'valor'],
    ['{"id":"1","valor":"10.00","\\u0076alor":"10.00"}', 'valor'],
    ['{"id":"1","id":"1"}', 'id'],
    ['{"id":12345678901234567890}', 'id'],
    ['{"id":9007199254740993}', 'id'],
    ['{"id":9007199254740991.4}', 'id'],
    ['{"id":4.50451E+10}', 'id'],
    ['{"id":1e3}', 'id'],
    ['{"id":1e400}', 'id'],
    ['{"id":"1","parcelas":1.00000000000000000001}', 'parcelas'],
    ['{"id":"1"},', undefined],
    ['{"id":NaN}', undefined],
    ["{'id':'1'}", undefined],
    ['{"id":"1","cor":"azul"}', undefined],
    ['{"id":"1"', undefined],
    ['["1"]', undefined],
    ['null', undefined],
  ])('finds %s malformed, with the column when it is one', (line, field) => {
    expect(read(line)).toEqual([{ line: 1, original: line, values: undefined, ...(field && { field }) }]);
  });
});
