import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import fc from 'fast-check';
import pg from 'pg';
import { toParameter } from '../src/array-parameter.ts';

let bases: TestBases;
let pool: pg.Pool;
beforeAll(async () => {
  bases = await openTestBases();
  pool = new pg.Pool({ connectionString: bases.baseA.ownerUrl, max: 1 });
  pool.on('error', () => {}); // `drop` may end a connection that is closing
});
afterAll(async () => {
  await pool.end();
  await bases.drop();
});

/** What PostgreSQL reads of a parameter. */
async function readBack(type: string, parameter: unknown): Promise<unknown> {
  const { rows } = await pool.query(`SELECT array_to_json($1::${type}[])::text AS list`, [parameter]);
  return JSON.parse(rows[0].list);
}

describe('A list as a parameter', () => {
  // PostgreSQL stores no NUL and no half of a surrogate pair.
  const text = fc
    .oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', 'NULL', 'null', '{}', 'a,b', '"', '\\', '\\"', ' x ', '\n'),
    )
    .map((value) => value.replaceAll('\0', ''));

  it('of texts is read by PostgreSQL as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text), async (list) => {
        const parameter = toParameter(list);
        expect(typeof parameter).toBe('string');
        expect(await readBack('text', parameter)).toEqual(list);
      }),
      { numRuns: generatedCases(1_000) },
    );
  });

  it('of numbers and of booleans is read as it was', async () => {
    expect(await readBack('float8', toParameter([1, -2.5, 1e300, 0]))).toEqual([1, -2.5, 1e300, 0]);
    expect(await readBack('boolean', toParameter([true, false]))).toEqual([true, false]);
  });

  it('of anything else is left to pg', async () => {
    const withNull = ['a', null];
    const bytes = [Buffer.from('a')];
    const days = [new Date(0)];
    const nested = [['a'], ['b']];
    for (const list of [withNull, bytes, days, nested]) expect(toParameter(list)).toBe(list);
    expect(await readBack('text', toParameter(withNull))).toEqual(withNull);
  });

  it('leaves other values as they are', () => {
    for (const value of ['{a}', 1, null, undefined, Buffer.from('a')]) expect(toParameter(value)).toBe(value);
  });
});
