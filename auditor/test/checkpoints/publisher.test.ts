import { generateKeyPairSync } from 'node:crypto';
import { testLog } from '@pessoa/testkit/logs/test-log';
import { formatCheckpoint, parseCheckpoint } from '@pessoa/transparency-log/checkpoints/checkpoint';
import { mapOf } from '@pessoa/transparency-log/checkpoints/map-extension';
import { ed25519Signer, ed25519Verifier, openNote, signNote } from '@pessoa/transparency-log/notes/signed-note';
import pg from 'pg';
import { latestCheckpoint } from '../../src/checkpoints/published-checkpoints.ts';
import { createPublisher, type Publisher } from '../../src/checkpoints/publisher.ts';
import { createQuorum } from '../../src/checkpoints/quorum.ts';
import { ContradictionError } from '../../src/contradiction-error.ts';
import { placeRecords } from '../../src/tree/place-records.ts';
import { readTree } from '../../src/tree/stored-tree.ts';
import { openRecordedReads, type RecordedReads } from '../recorded-reads.ts';

const signerOf = () => ed25519Signer('bureau.example/auditoria', generateKeyPairSync('ed25519').privateKey);

const EMPTIED =
  'TRUNCATE transparency.leaf, transparency.tile, transparency.person, transparency.map_node, transparency.stale_map_node';
const NOTHING_PLACED = `UPDATE transparency.tree SET size = 0, root = sha256(''), map_root = decode(repeat('00', 32), 'hex')`;

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
    const { tree } = await placeRecords(db, await readTree(db), reads.people());
    await (await publisherBy(signer)).publish(tree);
  });
  afterEach(async () => {
    db.release();
    await readers.end();
    await reads.close();
  });

  const publisherBy = async (by: typeof signer, vrfPublicKey = reads.keys.vrfPublicKey): Promise<Publisher> =>
    createPublisher(db, await readTree(db), {
      signer: by,
      vrfPublicKey,
      quorum: createQuorum([], 0),
      readers,
      logger: testLog({ service: 'auditor' }).logger,
    });
  const asOwner = async (...statements: string[]): Promise<void> => {
    for (const table of ['leaf', 'tile', 'tree', 'checkpoint', 'person', 'map_node', 'stale_map_node'])
      await reads.bases.auditoria.owner.query(`ALTER TABLE transparency.${table} DISABLE TRIGGER USER`);
    for (const statement of statements) await reads.bases.auditoria.owner.query(statement);
  };
  it('but where nothing was touched', async () => {
    expect((await publisherBy(signer)).publishedSize()).toBe(300);
  });

  it('but where the newest checkpoint is from before the map, and the next one has it', async () => {
    const before = formatCheckpoint({ origin: signer.name, ...(await readTree(db)), extensions: [] });
    await asOwner();
    await reads.bases.auditoria.owner.query('UPDATE transparency.checkpoint SET note = $1', [signNote(before, [signer])]); // prettier-ignore
    const publisher = await publisherBy(signer);
    expect(publisher.publishedSize()).toBe(300);
    await reads.record(1);
    const { tree } = await placeRecords(db, await readTree(db), reads.people());
    expect(await publisher.publish(tree)).toBe(true);
    const { text } = openNote((await latestCheckpoint(db))!.note, [ed25519Verifier(signer)]);
    expect(mapOf(parseCheckpoint(text))).toEqual({
      vrfPublicKey: Buffer.from(reads.keys.vrfPublicKey),
      root: Buffer.from(tree.mapRoot),
    });
  });

  it('with another key than that of the published checkpoint', async () => {
    await expect(publisherBy(signerOf())).rejects.toThrow(
      'the newest published checkpoint is not signed with the key of this log',
    );
  });

  it('with another key of people than that of the published checkpoint', async () => {
    await expect(publisherBy(signer, new Uint8Array(32))).rejects.toThrow(
      new ContradictionError('the published checkpoint has another key of people than ours'),
    );
  });

  it('with a node of the map that was edited, also together with the root of the map', async () => {
    const node = (text: string) => `UPDATE transparency.map_node SET children = ${text} WHERE path = ''`;
    await asOwner(node('children || children'));
    await expect(publisherBy(signer)).rejects.toThrow('the stored map of people is not whole');
    await asOwner(
      node(`decode(repeat('00', 16), 'hex')`), // a map of nobody
      `UPDATE transparency.tree SET map_root = decode(repeat('00', 32), 'hex')`,
    );
    await expect(publisherBy(signer)).rejects.toThrow(
      new ContradictionError('the published checkpoint of 300 records is not of the map of the database'),
    );
  });

  it('with a map that has another root', async () => {
    await asOwner(`UPDATE transparency.tree SET map_root = sha256('x')`);
    await expect(publisherBy(signer)).rejects.toThrow(new ContradictionError('the root of the map is not that of its nodes')); // prettier-ignore
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
    await asOwner(EMPTIED, NOTHING_PLACED);
    await reads.record(300);
    await placeRecords(db, await readTree(db), reads.people());
    await expect(publisherBy(signer)).rejects.toThrow('the published checkpoint of 300 records is not of the tree of the database'); // prettier-ignore
  });

  it('with fewer records than are published', async () => {
    await asOwner(EMPTIED, NOTHING_PLACED);
    await expect(publisherBy(signer)).rejects.toThrow('a checkpoint of 300 records is published, and the tree has 0');
  });
});
