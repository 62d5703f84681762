import { scalarResolvers } from '@pessoa/service/graphql/scalars';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import fc from 'fast-check';
import { instantColumn } from '../../src/import/columns.ts';
import type { Column } from '../../src/import/columns.ts';
import { importKinds } from '../../src/import/kinds/kinds.ts';
import { sdlEnum } from '../../src/import/sdl-enums.ts';

let bases: TestBases;
beforeAll(async () => void (bases = await openTestBases()));
afterAll(() => bases.drop());

const pad = (value: number, width: number): string => String(value).padStart(width, '0');
const someYear = fc.oneof(fc.constantFrom(0, 1, 2, 99, 100, 1899, 2026, 9998, 9999), fc.integer({ min: 0, max: 9999 }));
const day = fc
  .tuple(someYear, fc.integer({ min: 1, max: 12 }), fc.constantFrom(1, 2, 28, 29, 30, 31))
  .map(([year, month, date]) => `${pad(year, 4)}-${pad(month, 2)}-${pad(date, 2)}`);
const edgeDay = fc.constantFrom('0001-01-01', '9999-12-31', '0000-12-31', '10000-01-01', 'infinity', '-infinity');
const time = fc.constantFrom('00:00:00', '23:59:59', '23:59:59.999', '23:59:59.9994', '23:59:59.9995', '23:59:59.999999', '24:00:00', '12:00:60'); // prettier-ignore
const offset = fc.constantFrom('Z', '-03:00', '+03:00', '-14:59', '+14:59', '-00:00', '+15:00', '');
const amount = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    fc.bigInt({ min: 0n, max: 10n ** 17n }),
    fc.constantFrom('.00', '.99', '.5', '.001', ''),
  )
  .map(([sign, reais, decimals]) => `${sign}${reais}${decimals}`);
const edgeAmount = fc.constantFrom('999999999999999.99', '-999999999999999.99', '1000000000000000.00', 'NaN', 'Infinity', '1e5', '-0.00'); // prettier-ignore

/** Texts of a column's own form, at its ends, and of no form. */
const textsFor = ({ sqlType }: Column): fc.Arbitrary<string> => {
  const own =
    sqlType === 'date'
      ? fc.oneof(day, edgeDay)
      : sqlType.startsWith('timestamptz')
        ? fc.tuple(fc.oneof(day, edgeDay), time, offset).map(([one, clock, zone]) => `${one}T${clock}${zone}`)
        : sqlType.startsWith('numeric')
          ? fc.oneof(amount, edgeAmount)
          : sqlType === 'integer'
            ? fc.oneof(fc.integer().map(String), fc.constantFrom('0', '100', '2147483648', '999999999', '1.0', '1e1'))
            : fc.constantFrom('true', 'false', 't', '1', 'NULL', 'X', '0042', 'ABCDEFGH', '\uD800', 'a\0b');
  return fc.oneof({ weight: 8, arbitrary: own }, { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 12 }) });
};

/** Writes what PostgreSQL has made of a text as the graph writes it; throws where the graph cannot. */
function shown({ sqlType, form }: Column, text: string): unknown {
  if (sqlType === 'char(11)') return scalarResolvers.CPF.serialize(text);
  if (sqlType === 'char(14)') return scalarResolvers.CNPJ.serialize(text);
  if (sqlType === 'date') return scalarResolvers.Data.serialize(text);
  if (sqlType.startsWith('numeric')) return scalarResolvers.Dinheiro.serialize(text);
  if (sqlType.startsWith('timestamptz')) return scalarResolvers.DataHora.serialize(new Date(Number(text) * 1_000));
  const enumName = /^enum (\w+) of the graph$/.exec(form)?.[1];
  if (enumName !== undefined && !sdlEnum(enumName).has(text)) throw new Error('not of the enum');
  if (sqlType === 'integer' && (Number(text) | 0) !== Number(text)) throw new Error('not an Int');
  if (!text.isWellFormed() || text.includes('\0')) throw new Error('not a text');
  return text;
}

const columns = importKinds.flatMap((kind) =>
  kind.columns.map((column) => [`${kind.base} ${kind.name} ${column.name}`, column] as const),
);

describe('What the import takes, the graph can show', () => {
  it.each(columns)('%s', async (_, column) => {
    const isWhole = (text: string): boolean => text.isWellFormed() && !text.includes('\0'); // the readers see to that
    const texts = fc.sample(textsFor(column), 400).filter(isWhole);
    const taken = [...new Set(texts.map((text) => column.read(text)).filter((one) => typeof one === 'string'))];
    const asText = column.sqlType.startsWith('timestamptz') ? 'extract(epoch FROM value)::text' : 'value::text';
    const { rows } = await bases.baseA.owner.query<{ text: string }>(
      `SELECT ${asText} AS text FROM (SELECT unnest($1::text[])::${column.sqlType} AS value) taken`,
      [taken],
    );
    expect(rows).toHaveLength(taken.length);
    for (const { text } of rows) expect(() => shown(column, text)).not.toThrow();
  });

  it.each([
    ['9999-12-31T23:59:59-03:00', false],
    ['9999-12-31T23:59:59+03:00', true],
    ['9999-12-31T23:59:59.999Z', true],
    ['9999-12-31T23:59:59.9994Z', true],
    ['9999-12-31T23:59:59.9995Z', false],
    ['9999-12-31T20:59:59.999999-03:00', false],
    ['0001-01-01T00:00:00Z', true],
    ['0001-01-01T00:00:00+00:01', false],
    ['0001-01-01T00:00:00-03:00', true],
    ['0000-12-31T23:59:59-03:00', false],
  ])('an instant of %s: %s', (text, isTaken) => {
    expect(instantColumn('data_hora').read(text)).toEqual(isTaken ? text : { code: 'INSTANTE_INVALIDO' });
  });
});
