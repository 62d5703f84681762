import { generateKeyPairSync } from 'node:crypto';
import { testLog } from '@pessoa/testkit/logs/test-log';
import { ed25519Signer } from '@pessoa/transparency-log/notes/signed-note';
import pg from 'pg';
import { createPublisher, type Publisher } from '../../src/checkpoints/publisher.ts';
import { createQuorum } from '../../src/checkpoints/quorum.ts';
import { ContradictionError } from '../../src/contradiction-error.ts';
import { placeRecords } from '../../src/tree/place-records.ts';
import { readTree } from '../../src/tree/stored-tree.ts';
import { openRecordedReads, type RecordedReads } from '../recorded-reads.ts';

const signerOf = () => ed25519Signer('bureau.example/auditoria', generateKeyPairSync('ed25519').privateKey);

describe('A leader does not begin', () => {
  let reads: RecordedReads;
  let readers: pg.Pool;
  let db: pg.PoolClient;
  const signer = signerOf();
  beforeEach(async () => {
    reads = await openRecordedReads();
    readers = new pg.Pool({ connectionString: reads.bases.auditoria.auditorUrl });
    db = await readers.connect();
    await reads.record(300);
    const { tree } = await placeRecords(db, await readTree(db));
    await (await publisherBy(signer)).publish(tree);
  });
  afterEach(async () => {
    db.release();
    await readers.end();
    await reads.close();
  });

  const publisherBy = async (by: typeof signer): Promise<Publisher> =>
    createPublisher(db, await readTree(db), {
      signer: by,
      quorum: createQuorum([], 0),
      readers,
      logger: testLog({ service: 'auditor' }).logger,
    });
  const asOwner = async (...statements: string[]): Promise<void> => {
    for (const table of ['leaf', 'tile', 'tree', 'checkpoint'])
      await reads.bases.auditoria.owner.query(`ALTER TABLE transparency.${table} DISABLE TRIGGER USER`);
    for (const statement of statements) await reads.bases.auditoria.owner.query(statement);
  };
  it('but where nothing was touched', async () => {
    expect((await publisherBy(signer)).publishedSize()).toBe(300);
  });

  it('with another key than that of the published checkpoint', async () => {
    await expect(publisherBy(signerOf())).rejects.toThrow(
      'the newest published checkpoint is not signed with the key of this log',
    );
  });

  it('with a tile that was edited', async () => {
    await asOwner(`UPDATE transparency.tile SET hashes = overlay(hashes PLACING sha256('x') FROM 1) WHERE level = 1`);
    await expect(publisherBy(signer)).rejects.toThrow(new ContradictionError('the root of the tree is not that of its tiles')); // prettier-ignore
  });

  it('with a tile that is gone', async () => {
    await asOwner('DELETE FROM transparency.tile WHERE level = 1');
    await expect(publisherBy(signer)).rejects.toThrow(ContradictionError);
  });

  it('with a tree that is whole, and another than the published one', async () => {
    await asOwner(
      'TRUNCATE transparency.leaf, transparency.tile',
      `UPDATE transparency.tree SET size = 0, root = sha256('')`,
    );
    await reads.record(300);
    await placeRecords(db, await readTree(db));
    await expect(publisherBy(signer)).rejects.toThrow('the published checkpoint of 300 records is not of the tree of the database'); // prettier-ignore
  });

  it('with fewer records than are published', async () => {
    await asOwner(
      'TRUNCATE transparency.leaf, transparency.tile',
      `UPDATE transparency.tree SET size = 0, root = sha256('')`,
    );
    await expect(publisherBy(signer)).rejects.toThrow('a checkpoint of 300 records is published, and the tree has 0');
  });
});
