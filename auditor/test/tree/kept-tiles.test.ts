import type { TileId } from '@pessoa/transparency-log/tree/tiles';
import type pg from 'pg';
import { keptTiles } from '../../src/tree/kept-tiles.ts';
import { readTiles } from '../../src/tree/stored-tree.ts';
import { openRecordedReads, type RecordedReads } from '../recorded-reads.ts';

describe('Tiles that are kept', () => {
  let reads: RecordedReads;
  let owner: pg.Pool;
  beforeEach(async () => {
    reads = await openRecordedReads();
    owner = reads.bases.auditoria.owner;
    await owner.query('ALTER TABLE transparency.tile DISABLE TRIGGER USER');
  });
  afterEach(() => reads.close());

  const store = (level: number, first: number, last: number, width: number) =>
    owner.query(
      `INSERT INTO transparency.tile (level, tile_index, hashes)
       SELECT $1, n, decode(repeat(lpad(to_hex(n), 64, '0'), $4), 'hex') FROM generate_series($2::int, $3::int) n
       ON CONFLICT (level, tile_index) DO UPDATE SET hashes = excluded.hashes`,
      [level, first, last, width],
    );
  const full = (index: number): TileId => ({ level: 0, index, width: 256 });

  it('are read once, in the order of the ids, beside others that are read now', async () => {
    await store(0, 0, 3, 256);
    const read = keptTiles();
    const [two, none] = await read(owner, [full(2), full(0)]);
    expect([two, none]).toEqual(await readTiles(owner, [full(2), full(0)]));
    await owner.query('DELETE FROM transparency.tile WHERE tile_index IN (0, 2)');
    const again = await read(owner, [full(3), full(0), full(1), full(2)]);
    expect(again.map(({ index }) => index)).toEqual([3, 0, 1, 2]);
    expect([again[1], again[3]]).toEqual([none, two]);
    expect(again[1]).toBe(none); // with the nodes that were hashed from it
    await expect(keptTiles()(owner, [full(0)])).rejects.toThrow('is not stored as wide');
  });

  it('are read again when more of them is asked for', async () => {
    await store(0, 5, 5, 10);
    const read = keptTiles();
    const ask = async (width: number) => (await read(owner, [{ level: 0, index: 5, width }]))[0]!.width;
    expect(await ask(10)).toBe(10);
    await store(0, 5, 5, 12);
    expect(await ask(9)).toBe(10);
    expect(await ask(11)).toBe(12);
    await expect(ask(13)).rejects.toThrow('is not stored as wide');
  });

  it('are 1,024 at most: those go that nobody has asked for longest', async () => {
    await store(0, 0, 1_024, 1);
    const read = keptTiles();
    const one = (index: number): TileId => ({ level: 0, index, width: 1 });
    await read(
      owner,
      Array.from({ length: 1_024 }, (_, index) => one(index)),
    );
    await read(owner, [one(0)]);
    await read(owner, [one(1_024)]);
    await owner.query('DELETE FROM transparency.tile');
    expect((await read(owner, [one(0), one(2), one(1_024)])).map(({ index }) => index)).toEqual([0, 2, 1_024]);
    await expect(read(owner, [one(1)])).rejects.toThrow('is not stored as wide');
  });
});
