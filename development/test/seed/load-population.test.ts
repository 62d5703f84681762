import type { Data } from '@pessoa/domain/data';
import { baseNames } from '@pessoa/domain/services';
import { openTestBases, ownerUrls } from '@pessoa/testkit/test-bases';
import type { TestBases } from '@pessoa/testkit/test-bases';
import type { Pool } from 'pg';
import { areEmpty } from '../../src/seed/are-empty.ts';
import { loadPopulation } from '../../src/seed/load-population.ts';
import type { BaseUrls } from '../../src/seed/load-population.ts';
import { populationFingerprint } from '../../src/seed/population-fingerprint.ts';
import { fictitiousPerson } from '../../src/seed/population/fictitious-person.ts';
import { filledTables } from '../../src/seed/tables.ts';

const HOJE = '2026-11-22' as Data;
const SEED = 5;
const PESSOAS = 130;

let testBases: TestBases;
let urls: BaseUrls;
let migratedDefinitions: string[][];
const load = (options: { pessoas?: number; hoje?: string; seed?: number } = {}) =>
  loadPopulation(urls, { pessoas: PESSOAS, seed: SEED, ...options, hoje: (options.hoje ?? HOJE) as Data });

beforeAll(async () => {
  testBases = await openTestBases();
  urls = ownerUrls(testBases);
  migratedDefinitions = await Promise.all(baseNames.map((base) => definitions(testBases[base].owner)));
});
afterAll(() => testBases.drop());

async function rows(owner: Pool, sql: string): Promise<Record<string, unknown>[]> {
  return (await owner.query(sql)).rows as Record<string, unknown>[];
}

/** Every key, index and constraint of a base, as PostgreSQL would write them. */
const definitions = async (owner: Pool): Promise<string[]> =>
  (
    await rows(
      owner,
      `SELECT indexdef AS definition FROM pg_indexes WHERE schemaname = 'public'
       UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace ORDER BY 1`,
    )
  ).map(({ definition }) => String(definition));

describe('loading a population', () => {
  it('writes every row of every person into the three bases, value by value', async () => {
    await load();
    const people = Array.from({ length: PESSOAS }, (_, index) => fictitiousPerson(index, SEED, HOJE));
    const [base] = await rows(
      testBases.baseC.owner,
      `SELECT (SELECT count(*)::int FROM titular) AS titulares, (SELECT count(*)::int FROM consulta) AS consultas,
              (SELECT count(*)::int FROM movimentacao) AS movimentacoes, (SELECT count(*)::int FROM compra_cartao) AS compras`,
    );
    const count = (of: (person: (typeof people)[number]) => readonly unknown[]): number => people.flatMap(of).length;
    expect(base).toEqual({
      titulares: PESSOAS,
      consultas: count(({ baseC }) => baseC.consulta),
      movimentacoes: count(({ baseC }) => baseC.movimentacao),
      compras: count(({ baseC }) => baseC.compraCartao),
    });

    const posting = people.flatMap(({ baseC }) => baseC.movimentacao).find(({ contraparte }) => contraparte !== null);
    const [stored] = await rows(
      testBases.baseC.owner,
      `SELECT cpf, valor::text, saldo_apos::text, palavras, contraparte, data_hora FROM movimentacao WHERE id = '${posting?.id}'`,
    );
    expect(stored).toEqual({
      cpf: posting?.cpf,
      valor: posting?.valor,
      saldo_apos: posting?.saldoApos,
      palavras: posting?.palavras,
      contraparte: posting?.contraparte,
      data_hora: new Date(posting?.dataHora ?? ''),
    });

    const debts = people.flatMap(({ baseA }) => baseA.divida).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const storedDebts = await rows(
      testBases.baseA.owner,
      'SELECT id, cpf, credor_id, valor_atualizado::text, vencimento::text, data_comunicacao::text, principal FROM divida ORDER BY id',
    );
    expect(storedDebts).toEqual(
      debts.map(({ id, cpf, credorId, valorAtualizado, vencimento, dataComunicacao, principal }) => ({
        id,
        cpf,
        credor_id: credorId,
        valor_atualizado: valorAtualizado,
        vencimento,
        data_comunicacao: dataComunicacao,
        principal,
      })),
    );
  });

  it('replaces the earlier people', async () => {
    await load({ pessoas: 20, seed: 6 });
    await load({ pessoas: 10 });
    for (const [owner, table] of [
      [testBases.baseA.owner, 'pessoa'],
      [testBases.baseB.owner, 'titular'],
      [testBases.baseC.owner, 'titular'],
    ] as const) {
      const [{ people } = {}] = await rows(owner, `SELECT count(*)::int AS people FROM ${table}`);
      expect(people).toBe(10);
    }
  });

  it('restores every key, constraint and index of the migrations', async () => {
    await load({ pessoas: 10 });
    expect(await Promise.all(baseNames.map((base) => definitions(testBases[base].owner)))).toEqual(migratedDefinitions);
    expect(migratedDefinitions.flat().length).toBeGreaterThan(20);
  });

  it('changes nothing when a statement fails', async () => {
    await load({ pessoas: 10 });
    const before = await populationFingerprint(urls);
    await testBases.baseC.owner.query("ALTER TABLE consulta ADD CHECK (consulente = 'nobody') NOT VALID");
    try {
      await expect(load({ pessoas: 60 })).rejects.toThrow();
    } finally {
      await testBases.baseC.owner.query('ALTER TABLE consulta DROP CONSTRAINT consulta_consulente_check');
    }
    expect(await populationFingerprint(urls)).toBe(before);
  });

  it('changes nothing when one of the bases cannot be reached, and throws its error', async () => {
    await load({ pessoas: 10 });
    const before = await populationFingerprint(urls);
    const broken = { ...urls, baseB: urls.baseB.replace(/[^/]+$/, 'nowhere') };
    await expect(loadPopulation(broken, { pessoas: 20, seed: SEED, hoje: HOJE })).rejects.toMatchObject({
      code: '3D000',
    });
    expect(await populationFingerprint(urls)).toBe(before);
  });

  it('reports the number of loaded people, and the creation of keys and indexes', async () => {
    const reports: string[] = [];
    await loadPopulation(urls, {
      pessoas: PESSOAS,
      seed: SEED,
      hoje: HOJE,
      onProgress: ({ pessoas, indexing }) => reports.push(`${pessoas} ${indexing}`),
    });
    expect(reports.at(-1)).toBe(`${PESSOAS} true`);
    expect(reports.length).toBeGreaterThan(2);
  });
});

describe("a population's fingerprint", () => {
  it('is the same after the same load, and differs after another', async () => {
    await load();
    const first = await populationFingerprint(urls);
    await load({ seed: 6 });
    expect(await populationFingerprint(urls)).not.toBe(first);
    await load({ hoje: '2026-11-23' });
    expect(await populationFingerprint(urls)).not.toBe(first);
    await load();
    expect(await populationFingerprint(urls)).toBe(first);
  });

  it('changes with one row of any table, and is the same again after the row is restored', async () => {
    await load({ pessoas: 60 });
    const untouched = await populationFingerprint(urls);
    for (const base of baseNames) {
      for (const table of filledTables[base]) {
        const { owner } = testBases[base];
        const copy = `copia_${table}`;
        const isParent = table === 'pessoa' || table === 'titular' || table === 'credor';
        const rowId = isParent ? `(SELECT min(ctid) FROM ${table})` : `(SELECT max(ctid) FROM ${table})`;
        if (isParent) {
          const key = table === 'credor' ? 'id' : 'cpf';
          await owner.query(
            `INSERT INTO ${table} SELECT (jsonb_populate_record(t, jsonb_build_object('${key}', 'novo', 'cnpj', null))).* FROM ${table} t WHERE ctid = ${rowId}`,
          );
          expect([table, (await populationFingerprint(urls)) === untouched]).toEqual([table, false]);
          await owner.query(`DELETE FROM ${table} WHERE ${key} = 'novo'`);
        } else {
          await owner.query(`CREATE TABLE ${copy} AS SELECT * FROM ${table} WHERE ctid = ${rowId}`);
          await owner.query(`DELETE FROM ${table} WHERE ctid = ${rowId}`);
          expect([table, (await populationFingerprint(urls)) === untouched]).toEqual([table, false]);
          await owner.query(`INSERT INTO ${table} SELECT * FROM ${copy}`);
          await owner.query(`DROP TABLE ${copy}`);
        }
        expect([table, await populationFingerprint(urls)]).toEqual([table, untouched]);
      }
    }
  });

  it('does not depend on the search path: the catalogue says where the tables are', async () => {
    const { owner, ownerUrl } = testBases.baseB;
    const database = new URL(ownerUrl).pathname.slice(1);
    const tables = filledTables.baseB;
    await owner.query(
      ['CREATE SCHEMA carteira', ...tables.map((table) => `ALTER TABLE ${table} SET SCHEMA carteira`)].join(';'),
    );
    await owner.query(`ALTER DATABASE ${database} SET search_path = pg_catalog`);
    await load({ pessoas: 2 });
    expect(await areEmpty(urls)).toBe(false);
    expect(await rows(owner, 'SELECT count(*)::int AS titulares FROM carteira.titular')).toEqual([{ titulares: 2 }]);
    await owner.query(`ALTER DATABASE ${database} RESET search_path; CREATE TABLE public.titular (cpf text)`);
    await owner.query('GRANT SELECT ON public.titular, carteira.titular TO base_b_reader');
    await owner.query('GRANT USAGE ON SCHEMA carteira TO base_b_reader');
    await expect(load({ pessoas: 1 })).rejects.toThrow('titular is in the schemas carteira, public');
  });
});
