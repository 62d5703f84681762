import { judgeSignature, readCheckpoint, readLogKey } from '../../../src/person-page/browser/checkpoint.js';
import { flipped, ORIGIN, SignedLog } from './signed-log.ts';

const log = new SignedLog();
const ROOT = Buffer.alloc(32, 7).toString('base64');
const TEXT = `${ORIGIN}\n12\n${ROOT}\npessoas 1 a b\n`;
const WITNESS = `— witness.example ${Buffer.alloc(76).toString('base64')}\n`;

/** Judges a note under the key of the log. */
const judge = async (note: string, key = log.key) => judgeSignature(note, (await readLogKey(key))!);

describe('The key of a log', () => {
  it('is read as it is published', async () => {
    expect(await readLogKey(log.key)).toMatchObject({ name: ORIGIN, text: log.key });
  });

  it.each<[string, (key: string) => string]>([
    ['another id', (key) => key.replace(/\+[0-9a-f]/, (id) => (id === '+0' ? '+1' : '+0'))],
    ['another name', (key) => `x${key}`],
    ['another type', (key) => key.replace(/\+A/, '+B')],
    ['bytes that are missing', (key) => key.slice(0, -8)],
    ['another spelling of base64', (key) => `${key}=`],
    ['a text that is no key', () => '<html></html>'],
    ['nothing', () => ''],
  ])('is none with %s', async (_what, change) => {
    expect(await readLogKey(change(log.key))).toBeUndefined();
  });
});

describe('A checkpoint', () => {
  it('has the size and the root of the tree', () => {
    expect(readCheckpoint(log.sign(TEXT))).toMatchObject({ origin: ORIGIN, size: 12, rootText: ROOT });
  });

  it.each([
    ['a size with a leading zero', `${ORIGIN}\n012\n${ROOT}\n`],
    ['a size that is too large', `${ORIGIN}\n9007199254740993\n${ROOT}\n`],
    ['a root of another length', `${ORIGIN}\n12\n${Buffer.alloc(31).toString('base64')}\n`],
    ['no name', `\n12\n${ROOT}\n`],
    ['two lines', `${ORIGIN}\n12\n`],
  ])('is none with %s', (_what, text) => {
    expect(readCheckpoint(log.sign(text))).toBeUndefined();
    expect(readCheckpoint(text)).toBeUndefined();
  });

  it('is signed by the key of the log, whoever signed it beside that', async () => {
    expect(await judge(log.sign(TEXT))).toBe('valid');
    expect(await judge(log.sign(TEXT, WITNESS))).toBe('valid');
  });

  it.each<[string, (note: string) => string]>([
    ['another size', (note) => note.replace('\n12\n', '\n13\n')],
    ['another map of people', (note) => note.replace('pessoas 1', 'pessoas 2')],
    ['another signature', (note) => note.replace(/ (\S+)\n$/, (_, signature: string) => ` ${flipped(signature)}\n`)],
    ['a second signature of the key that is wrong', (note) => `${note}${note.slice(note.indexOf('—')).replace(/ (\S+)\n$/, (_, signature: string) => ` ${flipped(signature)}\n`)}`], // prettier-ignore
    ['no signature', (note) => note.slice(0, note.indexOf('—'))],
    ['the signature of a witness alone', (note) => note.slice(0, note.indexOf('—')) + WITNESS],
    ['a signature that is cut', (note) => note.replace(/\S{8}\n$/, '\n')],
  ])('with %s is not', async (_what, change) => {
    expect(await judge(change(log.sign(TEXT)))).toBe('wrong');
  });

  it('of another log is not, though its key signed it', async () => {
    expect(await judge(log.sign(`outro.example\n12\n${ROOT}\n`))).toBe('wrong');
    expect(await judge(new SignedLog().sign(TEXT))).toBe('wrong'); // another key of the same name
  });

  it('is not judged by a browser without Ed25519', async () => {
    const importKey = async () => Promise.reject(new DOMException('unknown', 'NotSupportedError'));
    Object.defineProperty(crypto.subtle, 'importKey', { value: importKey, configurable: true });
    try {
      expect(await judge(log.sign(TEXT))).toBe('unsupported');
    } finally {
      Reflect.deleteProperty(crypto.subtle, 'importKey');
    }
    expect(await judge(log.sign(TEXT))).toBe('valid');
  });
});
