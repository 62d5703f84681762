import fc from 'fast-check';
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from '../../src/checkpoints/checkpoint.ts';
import { NoteError } from '../../src/notes/signed-note.ts';
import { EMPTY_ROOT } from '../../src/tree/hashes.ts';

// The example of C2SP tlog-checkpoint.
const TEXT = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const CHECKPOINT: Checkpoint = {
  origin: 'example.com/behind-the-sofa',
  size: 20_852_163,
  root: Buffer.from('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'base64'),
  extensions: [],
};

describe('A checkpoint', () => {
  it('is written and read as the specification’s example', () => {
    expect(formatCheckpoint(CHECKPOINT)).toBe(TEXT);
    expect(parseCheckpoint(TEXT)).toEqual(CHECKPOINT);
  });

  it('keeps its extension lines, and any origin', () => {
    const checkpoint = { ...CHECKPOINT, origin: 'any origin + more', extensions: ['one', ' two'] };
    expect(formatCheckpoint(checkpoint)).toBe(
      `${TEXT.replace('example.com/behind-the-sofa', checkpoint.origin)}one\n two\n`,
    );
    expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
  });

  it('is read back to what was written', () => {
    const line = fc.string({ minLength: 1 }).filter((text) => !text.includes('\n'));
    const checkpoint = fc.record({
      origin: line,
      size: fc.maxSafeNat().map((size) => size + 0 || 1),
      root: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes)),
      extensions: fc.array(line),
    });
    fc.assert(
      fc.property(checkpoint, (written) => {
        expect(parseCheckpoint(formatCheckpoint(written))).toEqual(written);
      }),
      generatedProperty(500),
    );
  });

  it('of an empty tree has the empty tree’s root', () => {
    const empty = { ...CHECKPOINT, size: 0, root: EMPTY_ROOT };
    expect(parseCheckpoint(formatCheckpoint(empty))).toEqual(empty);
    expect(() => parseCheckpoint(TEXT.replace('20852163', '0'))).toThrow('another root');
  });

  it.each([
    ['no end', TEXT.slice(0, -1)],
    ['two lines', TEXT.split('\n').slice(0, 2).join('\n') + '\n'],
    ['an empty text', ''],
    ['newlines alone', '\n\n\n'],
    ['an empty origin', TEXT.slice(TEXT.indexOf('\n'))],
    ['an empty line at the end', `${TEXT}\n`],
    ['an empty extension', `${TEXT}\nx\n`],
    ['a leading zero', TEXT.replace('20852163', '020852163')],
    ['a negative size', TEXT.replace('20852163', '-1')],
    ['a plus', TEXT.replace('20852163', '+1')],
    ['a fraction', TEXT.replace('20852163', '1.0')],
    ['an exponent', TEXT.replace('20852163', '1e3')],
    ['another base', TEXT.replace('20852163', '0x10')],
    ['a space', TEXT.replace('20852163', ' 1')],
    ['digits of another script', TEXT.replace('20852163', '١')],
    ['a size above 2^53 - 1', TEXT.replace('20852163', '9007199254740992')],
    ['a short root', TEXT.replace('CsUY', '')],
    ['a long root', TEXT.replace('CsUY', 'CsUYCsUY')],
    ['a root without padding', TEXT.replace('2I=', '2I')],
    ['a root in the alphabet of URLs', TEXT.replace('/X', '_X')],
    ['a root with unused bits', TEXT.replace('2I=', '2J=')],
  ])('is refused with %s', (_fault, text) => {
    expect(() => parseCheckpoint(text)).toThrow(NoteError);
  });

  it.each([
    { ...CHECKPOINT, origin: '' },
    { ...CHECKPOINT, origin: 'a\nb' },
    { ...CHECKPOINT, extensions: [''] },
  ])('is not written with an empty or a broken line', (checkpoint) => {
    expect(() => formatCheckpoint(checkpoint)).toThrow(NoteError);
  });
});
