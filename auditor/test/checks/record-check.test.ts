import { entryOf } from '@pessoa/transparency-log/records/canonical-record';
import { hashLeaf } from '@pessoa/transparency-log/tree/hashes';
import { RECORD_COLUMNS, type RecordRow } from '@pessoa/audit/record-row';
import type pg from 'pg';
import { checkPlacedRecords } from '../../src/checks/record-check.ts';
import { canonicalOf, CHAIN_COLUMNS, type ChainRow, chainPlaceOf, toRecord } from '../../src/records/audit-record.ts';
import { placeRecords } from '../../src/tree/place-records.ts';
import { readTree, type StoredTree } from '../../src/tree/stored-tree.ts';
import { openRecordedReads, type RecordedReads } from '../recorded-reads.ts';

describe('The check of the records of a tile', () => {
  let reads: RecordedReads;
  let db: pg.Client;
  let tree: StoredTree;
  beforeAll(async () => {
    reads = await openRecordedReads();
    db = await reads.auditorSession();
    await reads.record(600);
    const people = reads.people();
    tree = await readTree(db);
    while (tree.size < 600) ({ tree } = await placeRecords(db, tree, people));
  });
  afterAll(() => reads.close());

  async function faultsOf(): Promise<string[]> {
    const faults: string[] = [];
    for (const index of [0, 1, 2])
      for (const { kind, at } of await checkPlacedRecords(db, index, tree, reads.keys)) faults.push(`${kind} ${at}`);
    return faults;
  }

  it('finds no fault in what was placed', async () => {
    expect(await faultsOf()).toEqual([]);
  });

  it('finds a record that was edited together with its entry and its tile, because the tile is not of the tree and the chain does not go on', async () => {
    const { owner } = reads.bases.auditoria;
    for (const table of ['public.acesso', 'transparency.leaf', 'transparency.tile'])
      await owner.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    const place = 300;
    await owner.query(
      `UPDATE acesso SET finalidade = 'COBRANCA' WHERE id = (SELECT acesso_id FROM transparency.leaf WHERE place = $1)`,
      [place],
    );
    const { rows } = await owner.query<RecordRow & ChainRow & { nonce: Buffer }>(
      `SELECT ${RECORD_COLUMNS}, ${CHAIN_COLUMNS}, l.nonce FROM transparency.leaf l JOIN acesso a ON a.id = l.acesso_id WHERE l.place = $1`,
      [place],
    );
    const [row] = rows as [RecordRow & ChainRow & { nonce: Buffer }];
    const entry = entryOf(row.nonce, canonicalOf(toRecord(row, row.nonce, chainPlaceOf(row), reads.keys)));
    await owner.query('UPDATE transparency.leaf SET entry = $2 WHERE place = $1', [place, entry]);
    await owner.query(
      'UPDATE transparency.tile SET hashes = overlay(hashes PLACING $2 FROM $1) WHERE level = 0 AND tile_index = 1',
      [(place - 256) * 32 + 1, hashLeaf(entry)],
    );
    expect(await faultsOf()).toEqual(['chain 300', 'tile 256']);
  });
});
