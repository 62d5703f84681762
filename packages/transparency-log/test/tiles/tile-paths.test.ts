import fc from 'fast-check';
import { parseTilePath, tilePath } from '../../src/tiles/tile-paths.ts';

describe('The path of a tile', () => {
  it.each([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 0, index: 273, width: 112 }, 'tile/0/273.p/112'],
    [{ level: 63, index: 999, width: 1 }, 'tile/63/999.p/1'],
    [{ level: 2, index: 1_000, width: 255 }, 'tile/2/x001/000.p/255'],
    // The example of C2SP tlog-tiles.
    [{ level: 1, index: 1_234_067, width: 256 }, 'tile/1/x001/x234/067'],
    [{ level: 'entries', index: 1_234_067, width: 8 }, 'tile/entries/x001/x234/067.p/8'],
    [{ level: 0, index: Number.MAX_SAFE_INTEGER, width: 256 }, 'tile/0/x009/x007/x199/x254/x740/991'],
  ] as const)('of %j is %s', (id, path) => {
    expect(tilePath(id)).toBe(path);
    expect(parseTilePath(path)).toEqual(id);
  });

  it('is read back to the tile it was written for', () => {
    const level = fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant('entries' as const));
    const id = fc.record({ level, index: fc.maxSafeNat(), width: fc.integer({ min: 1, max: 256 }) });
    fc.assert(
      fc.property(id, ({ level: idLevel, index, width }) => {
        const tile = { level: idLevel as number, index, width };
        expect(parseTilePath(tilePath(tile))).toEqual(tile);
      }),
      generatedProperty(1_000),
    );
  });

  it.each([
    '',
    'tile',
    'tile/',
    'tile/0',
    'tile/0/',
    'tile/0/0',
    'tile/0/0000',
    'tile/00/000',
    'tile/01/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/x000/000',
    'tile/0/x000/x001/000',
    'tile/0/001/000',
    'tile/0/x001',
    'tile/0/X001/000',
    'tile/0/000.p',
    'tile/0/000.p/',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/999',
    'tile/0/000.p/1/',
    'tile/0/000/',
    '/tile/0/000',
    'tile/0/000\n',
    'tile/0/000?x',
    'tile/entries',
    'tile/Entries/000',
    'tile/entries/../0/000',
    'tile/0/x009/x007/x199/x254/x740/992',
    'tile/0/x001/x000/x000/x000/x000/x000/000',
    'checkpoint',
  ])('is not %j', (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });
});
