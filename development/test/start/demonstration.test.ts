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

/** How many movements there are in the 30 days that end on a day. */
async function movementsBefore(day: string): Promise<number> {
  const { rows } = await testBases.baseC.owner.query<{ movements: number }>(
    `SELECT count(*)::int AS movements FROM movimentacao
     WHERE data_hora > $1::date - 30 AND data_hora < $1::date + 1`,
    [day],
  );
  return rows[0]!.movements;
}

/** The people to try whom the bases know. */
const ofBaseC = rowsToTry(LOADED).map(({ cpf }) => cpf);

const loadSome = () => loadDemonstration(home, urls, { pessoas: 30, seed: 8, hoje: LOADED });

describe('the demonstration of an embedded start', () => {
  it('fills empty bases with 1,000 people and those to try up to today, and notes one with something of everything', async () => {
    await ensureDemonstration(home, urls, at(LATER));
    const known = await people();
    expect(known).toHaveLength(1_000 + ofBaseC.length);
    expect(known).toEqual(expect.arrayContaining(ofBaseC));
    expect(await movementsBefore(LATER)).toBeGreaterThan(1_000);
    const noted = await readDemonstration(home);
    expect(noted).toMatchObject({ pessoas: 1_000, hoje: LATER });
    expect(known).toContain(noted?.exemplo);
  });

  it('is not loaded again on the same day', async () => {
    await loadSome();
    const before = await readDemonstration(home);
    await testBases.baseC.owner.query('DELETE FROM movimentacao');
    await ensureDemonstration(home, urls, at(LOADED));
    expect(await readDemonstration(home)).toEqual(before);
    expect(await movementsBefore(LOADED)).toBe(0);
  });

  it('moves to today with the same people when nobody touched it, so that the last 30 days are not empty', async () => {
    const exemplo = await loadSome();
    const before = await people();
    expect(await movementsBefore(LATER)).toBe(0);
    await ensureDemonstration(home, urls, at(LATER));
    expect(await people()).toEqual(before);
    expect(await movementsBefore(LATER)).toBeGreaterThan(30);
    expect(await readDemonstration(home)).toMatchObject({ pessoas: 30, seed: 8, hoje: LATER, exemplo });
  });

  it('is made anew on the day it has when the people to try are others, if nobody touched it', async () => {
    await loadSome();
    const before = (await readDemonstration(home))!;
    await writeDemonstration(home, { ...before, paraExperimentar: before.paraExperimentar.slice(1) });
    await ensureDemonstration(home, urls, at('2026-05-01'));
    expect(await readDemonstration(home)).toEqual(before);
    expect(before.paraExperimentar.map(({ cpf }) => cpf)).toEqual(peopleToTry.map(({ cpf }) => cpf));
  });

  it('is never moved back in time', async () => {
    await loadSome();
    await ensureDemonstration(home, urls, at('2026-05-01'));
    expect(await readDemonstration(home)).toMatchObject({ hoje: LOADED });
    expect(await movementsBefore(LOADED)).toBeGreaterThan(30);
  });

  it('counts today by São Paulo', async () => {
    await loadSome();
    await ensureDemonstration(home, urls, fixedClock('2026-11-24T02:59:00Z'));
    expect(await readDemonstration(home)).toMatchObject({ hoje: '2026-11-23' });
  });

  it('stays as it is once a single row was changed', async () => {
    await loadSome();
    const { rowCount } = await testBases.baseB.owner.query(
      "UPDATE endereco SET bairro = 'Outro' WHERE cpf = (SELECT min(cpf) FROM endereco)",
    );
    expect(rowCount).toBe(1);
    await ensureDemonstration(home, urls, at(LATER));
    expect(await readDemonstration(home)).toMatchObject({ hoje: LOADED });
    expect(await movementsBefore(LATER)).toBe(0);
  });

  it('stays as it is once something was imported', async () => {
    await loadSome();
    const file = join(home, 'pessoas.csv');
    await cp(fileURLToPath(new URL('../../../docs/examples/base-a/pessoas.csv', import.meta.url)), file);
    const { counts } = await importFile({ file, kind: pessoasBaseA, connectionString: urls.baseA });
    expect(counts.inseridas).toBe(3);
    await ensureDemonstration(home, urls, at(LATER));
    expect(await readDemonstration(home)).toMatchObject({ hoje: LOADED });
    const { rows } = await testBases.baseA.owner.query('SELECT count(*)::int AS pessoas FROM pessoa');
    expect(rows).toEqual([{ pessoas: 33 + ofBaseC.length }]);
  });

  it('does not replace what was put into the bases before the first start', async () => {
    await insert(testBases.baseB.owner, 'titular', { cpf: '52998224725' });
    await ensureDemonstration(home, urls, at(LATER));
    expect(await readDemonstration(home)).toBeUndefined();
    const { rows } = await testBases.baseB.owner.query('SELECT cpf FROM titular');
    expect(rows).toEqual([{ cpf: '52998224725' }]);
  });
});
