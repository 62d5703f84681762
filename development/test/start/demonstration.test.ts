import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Clock, type Data, fixedClock } from '@pessoa/domain/data';
import { importFile } from '@pessoa/operations/import/import-file';
import { pessoasBaseA } from '@pessoa/operations/import/kinds/base-a';
import { readDemonstration, writeDemonstration } from '@pessoa/service/development/demonstration-file';
import { insert, openTestBases, ownerUrls, type TestBases } from '@pessoa/testkit/test-bases';
import type { BaseUrls } from '../../src/seed/load-population.ts';
import { peopleToTry, rowsToTry } from '../../src/seed/people-to-try/people-to-try.ts';
import { ensureDemonstration, loadDemonstration } from '../../src/start/demonstration.ts';

const LOADED = '2026-11-22' as Data;
const LATER = '2027-03-05';
const at = (day: string): Clock => fixedClock(`${day}T15:00:00Z`);

let testBases: TestBases;
let urls: BaseUrls;
let home: string;

beforeEach(async () => {
  testBases = await openTestBases();
  urls = ownerUrls(testBases);
  home = await mkdtemp(join(tmpdir(), 'pessoa-demonstration-'));
});
afterEach(async () => {
  await testBases.drop();
  await rm(home, { recursive: true });
});

async function people(): Promise<string[]> {
  const { rows } = await testBases.baseC.owner.query<{ cpf: string }>('SELECT cpf FROM titular ORDER BY cpf');
  return rows.map(({ cpf }) => cpf);
}

/** The number of postings in the 30 days that end on a day. */
async function countPostingsUntil(day: string): Promise<number> {
  const { rows } = await testBases.baseC.owner.query<{ postings: number }>(
    `SELECT count(*)::int AS postings FROM movimentacao
     WHERE data_hora > $1::date - 30 AND data_hora < $1::date + 1`,
    [day],
  );
  return rows[0]!.postings;
}

/** The CPFs of the people to try that have rows. */
const cpfsToTry = rowsToTry(LOADED).map(({ cpf }) => cpf);

const loadSome = () => loadDemonstration(home, urls, { pessoas: 30, seed: 8, hoje: LOADED });

describe('the fictitious people of an embedded start', () => {
  it('are 1,000 and the people to try, up to today; one with data of every kind is recorded as the example', async () => {
    await ensureDemonstration(home, urls, at(LATER));
    const cpfs = await people();
    expect(cpfs).toHaveLength(1_000 + cpfsToTry.length);
    expect(cpfs).toEqual(expect.arrayContaining(cpfsToTry));
    expect(await countPostingsUntil(LATER)).toBeGreaterThan(1_000);
    const demonstration = await readDemonstration(home);
    expect(demonstration).toMatchObject({ pessoas: 1_000, hoje: LATER });
    expect(cpfs).toContain(demonstration?.exemplo);
  });

  it('are not loaded again on the same day', async () => {
    await loadSome();
    const before = await readDemonstration(home);
    await testBases.baseC.owner.query('DELETE FROM movimentacao');
    await ensureDemonstration(home, urls, at(LOADED));
    expect(await readDemonstration(home)).toEqual(before);
    expect(await countPostingsUntil(LOADED)).toBe(0);
  });

  it('are loaded anew for today when nobody changed them, so that the last 30 days are not empty', async () => {
    const exemplo = await loadSome();
    const before = await people();
    expect(await countPostingsUntil(LATER)).toBe(0);
    await ensureDemonstration(home, urls, at(LATER));
    expect(await people()).toEqual(before);
    expect(await countPostingsUntil(LATER)).toBeGreaterThan(30);
    expect(await readDemonstration(home)).toMatchObject({ pessoas: 30, seed: 8, hoje: LATER, exemplo });
  });

  it('are loaded anew for their own day when the people to try are others and nobody changed them', async () => {
    await loadSome();
    const before = (await readDemonstration(home))!;
    await writeDemonstration(home, { ...before, paraExperimentar: before.paraExperimentar.slice(1) });
    await ensureDemonstration(home, urls, at('2026-05-01'));
    expect(await readDemonstration(home)).toEqual(before);
    expect(before.paraExperimentar.map(({ cpf }) => cpf)).toEqual(peopleToTry.map(({ cpf }) => cpf));
  });

  it('are never moved back in time', async () => {
    await loadSome();
    await ensureDemonstration(home, urls, at('2026-05-01'));
    expect(await readDemonstration(home)).toMatchObject({ hoje: LOADED });
    expect(await countPostingsUntil(LOADED)).toBeGreaterThan(30);
  });

  it('have the day of São Paulo as today', async () => {
    await loadSome();
    await ensureDemonstration(home, urls, fixedClock('2026-11-24T02:59:00Z'));
    expect(await readDemonstration(home)).toMatchObject({ hoje: '2026-11-23' });
  });

  it('are not replaced after a single row was changed', async () => {
    await loadSome();
    const { rowCount } = await testBases.baseB.owner.query(
      "UPDATE endereco SET bairro = 'Outro' WHERE cpf = (SELECT min(cpf) FROM endereco)",
    );
    expect(rowCount).toBe(1);
    await ensureDemonstration(home, urls, at(LATER));
    expect(await readDemonstration(home)).toMatchObject({ hoje: LOADED });
    expect(await countPostingsUntil(LATER)).toBe(0);
  });

  it('are not replaced after an import', async () => {
    await loadSome();
    const file = join(home, 'pessoas.csv');
    await cp(fileURLToPath(new URL('../../../docs/examples/base-a/pessoas.csv', import.meta.url)), file);
    const { counts } = await importFile({ file, kind: pessoasBaseA, connectionString: urls.baseA });
    expect(counts.inserted).toBe(3);
    await ensureDemonstration(home, urls, at(LATER));
    expect(await readDemonstration(home)).toMatchObject({ hoje: LOADED });
    const { rows } = await testBases.baseA.owner.query('SELECT count(*)::int AS pessoas FROM pessoa');
    expect(rows).toEqual([{ pessoas: 33 + cpfsToTry.length }]);
  });

  it('do not replace data that was in the bases before the first start', async () => {
    await insert(testBases.baseB.owner, 'titular', { cpf: '52998224725' });
    await ensureDemonstration(home, urls, at(LATER));
    expect(await readDemonstration(home)).toBeUndefined();
    const { rows } = await testBases.baseB.owner.query('SELECT cpf FROM titular');
    expect(rows).toEqual([{ cpf: '52998224725' }]);
  });
});
