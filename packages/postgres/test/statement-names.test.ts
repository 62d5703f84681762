import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import pg from 'pg';
import { StatementNames } from '../src/statement-names.ts';

const refusal = (code: string, message = ''): Error => Object.assign(new Error(message), { code });

describe('Names of statements', () => {
  it('are the same for the same text in every process, and differ for other texts', () => {
    const [one, other] = [new StatementNames(), new StatementNames()];
    expect(one.nameOf('SELECT 1')).toBe(other.nameOf('SELECT 1'));
    expect(one.nameOf('SELECT 1')).not.toBe(one.nameOf('SELECT 2'));
  });

  it('are given to 64 texts; these keep them', () => {
    const names = new StatementNames();
    const given = Array.from({ length: 100 }, (_, index) => names.nameOf(`SELECT ${index}`));
    expect(new Set(given.slice(0, 64)).size).toBe(64);
    expect(new Set(given.slice(64))).toEqual(new Set([undefined]));
    expect(names.nameOf('SELECT 0')).toBe(given[0]);
  });

  it.each(['26000', '42P05'])(
    'are given up when PostgreSQL refuses one with %s; the statement runs again',
    async (code) => {
      let lost = 0;
      const names = new StatementNames(() => lost++);
      const runs: (string | undefined)[] = [];
      const work = async (): Promise<string> => {
        const name = names.nameOf('SELECT 1');
        runs.push(name);
        if (name !== undefined) throw refusal(code);
        return 'rows';
      };
      expect(await Promise.all([names.run(work), names.run(work)])).toEqual(['rows', 'rows']);
      expect(await names.run(work)).toBe('rows');
      expect(runs.filter((name) => name === undefined)).toHaveLength(3);
      expect(lost).toBe(1);
    },
  );

  it('are kept after any other error, which is thrown after one run', async () => {
    const names = new StatementNames();
    const name = names.nameOf('SELECT 1');
    let runs = 0;
    const work = (): Promise<never> => {
      runs++;
      return Promise.reject(refusal('0A000', 'cannot do this'));
    };
    await expect(names.run(work)).rejects.toThrow('cannot do this');
    expect([runs, names.nameOf('SELECT 1')]).toEqual([1, name]);
  });

  describe('in PostgreSQL', () => {
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

    it('are planned anew when a column has another type than when its statement was planned', async () => {
      await pool.query('CREATE TABLE medida (id int, valor int); INSERT INTO medida VALUES (1, 7)');
      const names = new StatementNames();
      const text = 'SELECT valor FROM medida WHERE id = $1';
      const read = async (): Promise<unknown> =>
        (await names.run(() => pool.query({ name: names.nameOf(text), text, values: [1] } as pg.QueryConfig))).rows;
      expect(await read()).toEqual([{ valor: 7 }]);
      await pool.query('ALTER TABLE medida ALTER COLUMN valor TYPE text');
      expect(await read()).toEqual([{ valor: '7' }]);
      const { rows } = await pool.query('SELECT statement FROM pg_prepared_statements WHERE name = $1', [names.nameOf(text)]); // prettier-ignore
      expect(rows).toEqual([{ statement: text }]);
    });
  });
});
