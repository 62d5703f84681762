import { formatCheckpoint, parseCheckpoint } from '../../src/checkpoints/checkpoint.ts';
import { formatMapLine, mapOf } from '../../src/checkpoints/map-extension.ts';
import { NoteError } from '../../src/notes/signed-note.ts';

const MAP = { vrfPublicKey: Buffer.alloc(32, 1), root: Buffer.alloc(32, 2) };
const KEY = 'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=';
const ROOT = 'AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=';
const LINE = `pessoas 1 ${KEY} ${ROOT}`;

describe('The line of the map in a checkpoint', () => {
  it('is written and read', () => {
    expect(formatMapLine(MAP)).toBe(LINE);
    expect(mapOf({ extensions: [LINE] })).toEqual(MAP);
    const text = formatCheckpoint({ origin: 'log', size: 1, root: Buffer.alloc(32), extensions: ['x', LINE] });
    expect(mapOf(parseCheckpoint(text))).toEqual(MAP);
  });

  it('is absent in a checkpoint without a map, whatever other lines it has', () => {
    expect(mapOf({ extensions: [] })).toBeUndefined();
    expect(mapOf({ extensions: ['pessoas', 'other pessoas 1', ' pessoas 1 x y', 'pessoasx 1'] })).toBeUndefined();
  });

  it.each([
    ['two lines', [LINE, LINE]],
    ['two lines of which one cannot be read', ['pessoas 2', LINE]],
    ['another version', [`pessoas 2 ${KEY} ${ROOT}`]],
    ['no version', [`pessoas ${KEY} ${ROOT}`]],
    ['nothing after the name', ['pessoas ']],
    ['no root', [`pessoas 1 ${KEY}`]],
    ['an empty root', [`pessoas 1 ${KEY} `]],
    ['a text more', [`${LINE} x`]],
    ['a space more', [`${LINE} `]],
    ['two spaces', [`pessoas 1  ${KEY} ${ROOT}`]],
    ['a short key', [`pessoas 1 AQEB ${ROOT}`]],
    ['a long root', [`pessoas 1 ${KEY} AgIC${ROOT}`]],
    ['a root without padding', [LINE.slice(0, -1)]],
    ['a root with unused bits', [LINE.replace('I=', 'J=')]],
  ])('is refused with %s', (_fault, extensions) => {
    expect(() => mapOf({ extensions })).toThrow(NoteError);
  });

  it('is not written with a key or a root of another length', () => {
    expect(() => formatMapLine({ ...MAP, root: Buffer.alloc(31) })).toThrow(NoteError);
    expect(() => formatMapLine({ ...MAP, vrfPublicKey: Buffer.alloc(33) })).toThrow(NoteError);
  });
});
