import type { Cpf } from '@pessoa/domain/cpf';
import { newCpf } from '@pessoa/testkit/read-recorder';
import { verifyPersonIndex } from '@pessoa/transparency-log/map/person-index';
import type pg from 'pg';
import type { PersonKeys } from '../../src/people/person-keys.ts';
import { findProof, keepProofs } from '../../src/people/stored-proofs.ts';
import { proveRecords } from '../../src/proofs/record-proofs.ts';
import { placeRecords } from '../../src/tree/place-records.ts';
import { readTiles, readTree } from '../../src/tree/stored-tree.ts';
import { openRecordedReads, type RecordedReads } from '../recorded-reads.ts';

describe('The stored proofs of people', () => {
  let reads: RecordedReads;
  let db: pg.Client;
  beforeEach(async () => {
    reads = await openRecordedReads();
    db = await reads.auditorSession();
  });
  afterEach(() => reads.close());

  const owner = (text: string, ...values: unknown[]) => reads.bases.auditoria.owner.query(text, values);
  async function recordOf(people: readonly Cpf[]): Promise<number> {
    await reads.log.record(people.map((cpf) => reads.read({ cpf })));
    let placed = await placeRecords(db, await readTree(db), reads.people());
    while (placed.isFull) placed = await placeRecords(db, placed.tree, reads.people());
    return placed.tree.size;
  }
  async function storedOf(people: readonly Cpf[]): Promise<boolean[]> {
    const { rows } = await db.query<{ person_index: Buffer }>('SELECT person_index FROM transparency.person_proof');
    const stored = new Set(rows.map((row) => row.person_index.toString('hex')));
    return people.map((cpf) => stored.has(Buffer.from(reads.keys.indexOf(cpf)).toString('hex')));
  }
  async function keepAll(size: number): Promise<void> {
    const keepSome = keepProofs(reads.keys);
    while (!(await keepSome(db, size)));
  }
  /** Computes no proof. */
  const readingOnly = (): PersonKeys => ({
    ...reads.keys,
    proveIndex: () => {
      throw new Error('a proof is computed');
    },
  });

  it('are of the people of new records first, and then of those of older ones', async () => {
    const [ana, bia, eva] = [newCpf(), newCpf(), newCpf()];
    const keepSome = keepProofs(reads.keys);
    const before = await recordOf([ana]);
    // The first step begins with what is there; what comes meanwhile has the next one.
    await owner('ALTER TABLE transparency.person_proof RENAME TO later');
    await expect(keepSome(db, before)).rejects.toThrow('person_proof');
    await owner('ALTER TABLE transparency.later RENAME TO person_proof');
    const size = await recordOf([bia, eva]);
    expect(await keepSome(db, size)).toBe(false);
    expect(await storedOf([ana, bia, eva])).toEqual([false, true, true]);
    expect(await keepSome(db, size)).toBe(false);
    expect(await storedOf([ana, bia, eva])).toEqual([true, true, true]);
    expect(await keepSome(db, size)).toBe(true);
  });

  it('are all stored, step by step, also where one person has a record whose CPF is gone or is not theirs', async () => {
    const people = Array.from({ length: 150 }, newCpf);
    await reads.record(1, { cpf: newCpf(), cpfCifrado: '00'.repeat(16) });
    const size = await recordOf([...people, people[0]!]);
    await reads.record(1, { cpf: newCpf(), cpfCifrado: undefined });
    await keepAll(size);
    expect((await storedOf(people)).every(Boolean)).toBe(true);
    const { rows } = await db.query('SELECT count(*)::int AS count FROM transparency.person_proof');
    expect(rows).toEqual([{ count: people.length }]);
    await keepAll(size);
  });

  it('are those that are computed, and are not computed again', async () => {
    const ana = newCpf();
    const size = await recordOf([ana]);
    await expect(findProof(db, readingOnly(), ana)).rejects.toThrow('a proof is computed');
    const computed = await findProof(db, reads.keys, ana);
    await keepAll(size);
    const { index, proof } = await findProof(db, readingOnly(), ana);
    expect(Buffer.from(index)).toEqual(Buffer.from(computed.index));
    expect(Buffer.from(proof)).toEqual(Buffer.from(computed.proof));
    expect(verifyPersonIndex(reads.keys.vrfPublicKey, ana, proof)).toEqual(Buffer.from(index));
  });

  it('are not computed again for the proof of a read', async () => {
    const [read] = await reads.record(1);
    const { tree } = await placeRecords(db, await readTree(db), reads.people());
    await db.query('INSERT INTO transparency.checkpoint (size, note) VALUES ($1, $2)', [tree.size, 'note']);
    const prove = (keys: PersonKeys) =>
      proveRecords(
        { db: reads.bases.auditoria.owner, keys, readTiles },
        { interacao: read!.interacao, clientId: read!.clientId, sujeito: read!.sujeito, after: undefined },
      );
    await expect(prove(readingOnly())).rejects.toThrow('a proof is computed');
    const computed = await prove(reads.keys);
    await keepAll(tree.size);
    expect(await prove(readingOnly())).toEqual(computed);
    expect(computed).toMatchObject({ records: [{ pessoa: expect.any(String) }] });
  });

  it.each([
    [
      'another person has',
      'UPDATE transparency.person_proof SET proof = (SELECT proof FROM transparency.person_proof WHERE person_index = $2) WHERE person_index = $1',
    ],
    [
      'nobody has made',
      "UPDATE transparency.person_proof SET proof = sha512($2) || sha256('') WHERE person_index = $1",
    ],
  ])('are computed in place of one that %s', async (_case, statement) => {
    const [ana, bia] = [newCpf(), newCpf()];
    await keepAll(await recordOf([ana, bia]));
    await owner(statement, reads.keys.indexOf(ana), reads.keys.indexOf(bia));
    const { index, proof } = await findProof(db, reads.keys, ana);
    expect(verifyPersonIndex(reads.keys.vrfPublicKey, ana, proof)).toEqual(Buffer.from(index));
    await expect(findProof(db, readingOnly(), ana)).rejects.toThrow('a proof is computed');
  });
});
