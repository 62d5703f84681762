import { newCpf } from '@pessoa/testkit/read-recorder';
import type pg from 'pg';
import { checkPlacedRecords } from '../../src/checks/record-check.ts';
import { ContradictionError } from '../../src/contradiction-error.ts';
import { placeRecords } from '../../src/tree/place-records.ts';
import { readTree, type StoredTree } from '../../src/tree/stored-tree.ts';
import { openRecordedReads, type RecordedReads } from '../recorded-reads.ts';

const TABLES = ['leaf', 'person', 'map_node'];

describe('The check of the chains of people', () => {
  let reads: RecordedReads;
  let db: pg.Client;
  let tree: StoredTree;
  /** The person of the places 0, 3, 6 and 9. */
  const ana = newCpf();
  beforeEach(async () => {
    reads = await openRecordedReads();
    db = await reads.auditorSession();
    const of = (cpf?: typeof ana) => reads.read(cpf && { cpf });
    await reads.log.record(Array.from({ length: 10 }, (_, place) => of(place % 3 === 0 ? ana : undefined)));
    ({ tree } = await placeRecords(db, await readTree(db), reads.people()));
    for (const table of TABLES) await asOwner(`ALTER TABLE transparency.${table} DISABLE TRIGGER USER`);
    await asOwner('ALTER TABLE acesso DISABLE TRIGGER acesso_append_only');
  });
  afterEach(() => reads.close());

  const asOwner = (statement: string, values: unknown[] = []) => reads.bases.auditoria.owner.query(statement, values);
  const faults = async (): Promise<string[]> =>
    (await checkPlacedRecords(db, 0, tree, reads.keys)).map(({ kind, at }) => `${kind} ${at}`);

  it('finds no fault in what was placed', async () => {
    expect(await faults()).toEqual([]);
  });

  it('finds a link that does not follow from the one before, and the one that does not follow from it', async () => {
    await asOwner(`UPDATE transparency.leaf SET link = sha256('x') WHERE place = 3`);
    expect(await faults()).toEqual(['chain 3', 'chain 6']);
  });

  it('finds a gap', async () => {
    await asOwner('DELETE FROM transparency.leaf WHERE place = 3');
    expect(await faults()).toEqual(expect.arrayContaining(['removed 3', 'chain 6']));
  });

  it('finds a list that was cut short, because the map has more', async () => {
    await asOwner('DELETE FROM transparency.leaf WHERE place = 9');
    expect(await faults()).toEqual(['removed 9', 'map 6']);
  });

  it('finds a number or an index that was changed, because the entry has another', async () => {
    await asOwner('UPDATE transparency.leaf SET number = 7 WHERE place = 9');
    expect(await faults()).toContain('changed 9');
    await asOwner(`UPDATE transparency.leaf SET person_index = sha256('x'), number = 1 WHERE place = 9`);
    expect(await faults()).toContain('changed 9');
    await asOwner('UPDATE transparency.leaf SET person_index = NULL, number = NULL, link = NULL WHERE place = 9');
    expect(await faults()).toContain('changed 9');
  });

  it('finds a person who has another index now, for a second chain', async () => {
    const [{ cpfHash }] = [reads.read({ cpf: ana })];
    await asOwner(`UPDATE transparency.person SET person_index = sha256('another') WHERE cpf_hash = $1`, [cpfHash]);
    expect(await faults()).toEqual(['person 0', 'person 3', 'person 6', 'person 9']);
  });

  it('finds a person who was put into the chain of another, whose records are gone', async () => {
    const bia = reads.read();
    const { cpfHash } = reads.read({ cpf: ana });
    await asOwner('DELETE FROM acesso WHERE cpf_hash = $1', [cpfHash]);
    await asOwner('UPDATE transparency.person SET cpf_hash = $2 WHERE cpf_hash = $1', [cpfHash, bia.cpfHash]);
    await reads.log.record([bia]);
    ({ tree } = await placeRecords(db, tree, reads.people()));
    expect(await faults()).toContain('person 10');
  });

  it('is not needed for a chain that would begin anew: the log does not go on', async () => {
    await asOwner('DELETE FROM transparency.person WHERE cpf_hash = $1', [reads.read({ cpf: ana }).cpfHash]);
    await reads.log.record([reads.read({ cpf: ana })]);
    await expect(placeRecords(db, tree, reads.people())).rejects.toThrow(ContradictionError);
  });

  it('finds two people in one chain', async () => {
    const bia = reads.read();
    await asOwner('ALTER TABLE transparency.person DROP CONSTRAINT person_person_index_key');
    await asOwner('INSERT INTO transparency.person (cpf_hash, person_index) VALUES ($1, $2)', [bia.cpfHash, reads.keys.indexOf(ana)]); // prettier-ignore
    await reads.log.record([bia]);
    ({ tree } = await placeRecords(db, tree, reads.people()));
    expect(await faults()).toEqual(['person 10']);
  });

  it.each([
    ['is that of another', () => Buffer.from(reads.read().cpfCifrado!, 'hex')],
    ['is gone', () => null],
  ])('finds a record whose CPF %s', async (_case, cifrado) => {
    await asOwner('UPDATE acesso SET cpf_cifrado = $1 WHERE id = (SELECT acesso_id FROM transparency.leaf WHERE place = 3)', [cifrado()]); // prettier-ignore
    expect(await faults()).toEqual(['person 3']);
  });

  it('finds a map that was edited, and goes on', async () => {
    await asOwner(`UPDATE transparency.map_node SET children = decode(repeat('00', 16), 'hex') WHERE path = ''`);
    const ends = await faults();
    expect(ends).toContain('map 9');
    expect(ends).not.toContain('map 6');
    await asOwner(`UPDATE transparency.map_node SET children = 'x' WHERE path = ''`);
    expect(await faults()).toEqual(ends);
  });

  it('leaves out records from before people were known', async () => {
    await reads.record(1, { cpfCifrado: undefined });
    ({ tree } = await placeRecords(db, tree, reads.people()));
    expect(tree.size).toBe(11);
    expect(await faults()).toEqual([]);
  });
});
