import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import {
  ed25519Signer,
  ed25519Verifier,
  formatVerifierKey,
  NoteError,
  openNote,
  parseVerifierKey,
  signatureLine,
  signNote,
  UntrustedNoteError,
} from '../../src/notes/signed-note.ts';

// The keys and signatures of the tests of Go's golang.org/x/mod/sumdb/note.
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const PETER_SEED = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_LINE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ENOCH_LINE =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
const NOTE = `${TEXT}\n${PETER_LINE}${ENOCH_LINE}`;
const peter = ed25519Verifier(PETER);
const enoch = ed25519Verifier(ENOCH);

/** The private key of RFC 8410 for a seed. */
const keyOfSeed = (seed: Uint8Array): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  });

const changedAt = (line: string, place: number, inserted: string): string =>
  `${line.slice(0, place)}${inserted}${line.slice(place)}`;

describe('A signed note', () => {
  it('has the signature that Go makes with the same key', () => {
    const signer = ed25519Signer('PeterNeumann', keyOfSeed(PETER_SEED));
    expect(signNote(TEXT, [signer])).toBe(`${TEXT}\n${PETER_LINE}`);
    expect(formatVerifierKey(signer)).toBe(PETER);
  });

  it('is signed by a key in PEM too, and by several keys in their order', () => {
    const pem = keyOfSeed(PETER_SEED).export({ format: 'pem', type: 'pkcs8' }) as string;
    const other = ed25519Signer('other.example/log', generateKeyPairSync('ed25519').privateKey);
    const note = signNote(TEXT, [other, ed25519Signer('PeterNeumann', pem)]);
    expect(note.endsWith(PETER_LINE)).toBe(true);
    const names = openNote(note, [peter, ed25519Verifier(other)]).signatures.map(({ name }) => name);
    expect(names).toEqual(['other.example/log', 'PeterNeumann']);
  });

  it('opens with the signatures of known keys, and counts the others', () => {
    const one = openNote(NOTE, [peter]);
    expect(one.text).toBe(TEXT);
    expect(one.signatures.map(signatureLine)).toEqual([PETER_LINE]);
    expect(one.unverified).toBe(1);
    const both = openNote(Buffer.from(NOTE), [enoch, peter]);
    expect(both.signatures.map(signatureLine)).toEqual([PETER_LINE, ENOCH_LINE]);
    expect(both.unverified).toBe(0);
  });

  it('counts a repeated signature once', () => {
    const changed = changedAt(ENOCH_LINE, 60, 'ABCD');
    const note = `${TEXT}\n${PETER_LINE}${PETER_LINE}${ENOCH_LINE}${ENOCH_LINE}${changed}`;
    const { signatures, unverified } = openNote(note, [peter]);
    expect([signatures.length, unverified]).toEqual([1, 2]);
  });

  it('may have empty lines in its text: the last one ends it', () => {
    const signer = ed25519Signer('PeterNeumann', keyOfSeed(PETER_SEED));
    for (const text of ['\n', 'a\n\nb\n', 'a\n\n', `a\n\n${ENOCH_LINE}`]) {
      expect(openNote(signNote(text, [signer]), [peter]).text).toBe(text);
    }
  });

  it('is refused without a signature of a known key', () => {
    expect(() => openNote(NOTE, [])).toThrow(UntrustedNoteError);
    expect(() => openNote(NOTE, [])).toThrow('No known key signed the note.');
    const sameName = ed25519Verifier(ed25519Signer('PeterNeumann', generateKeyPairSync('ed25519').privateKey));
    expect(() => openNote(NOTE, [sameName])).toThrow('No known key signed the note.');
    expect(() => openNote(NOTE, [{ ...peter, name: 'EnochRoot' }])).toThrow('No known key signed the note.');
  });

  it('is refused when a known key’s signature is wrong, also beside a right one', () => {
    const wrong = changedAt(PETER_LINE, 60, 'ABCD');
    const message = 'The signature of PeterNeumann+c74f20a3 is wrong.';
    expect(() => openNote(`${TEXT}\n${wrong}`, [peter])).toThrow(UntrustedNoteError);
    expect(() => openNote(`${TEXT}\n${wrong}`, [peter])).toThrow(message);
    expect(() => openNote(`${TEXT}\n${ENOCH_LINE}${wrong}`, [peter, enoch])).toThrow(message);
    expect(() => openNote(`${TEXT}\n${PETER_LINE}${wrong}`, [peter])).toThrow(message);
    expect(() => openNote(`x${NOTE}`, [peter])).toThrow(message);
  });

  it('is refused when two keys could have made a signature', () => {
    expect(() => openNote(NOTE, [peter, enoch, peter])).toThrow('Two of the keys are PeterNeumann+c74f20a3.');
    expect(openNote(`${TEXT}\n${PETER_LINE}`, [enoch, peter, enoch]).signatures).toHaveLength(1);
  });

  it('has 100 signatures at most, and a million bytes', () => {
    const others = (count: number) =>
      Array.from({ length: count }, (_, index) => signatureLine({ name: `key${index}`, keyId: index, signature: Buffer.alloc(5_000) })).join(''); // prettier-ignore
    expect(openNote(`${TEXT}\n${PETER_LINE}${others(99)}`, [peter]).unverified).toBe(99);
    expect(() => openNote(`${TEXT}\n${PETER_LINE}${PETER_LINE.repeat(100)}`, [peter])).toThrow(
      'more than 100 signatures',
    );
    expect(() => openNote(`${'x\n'.repeat(500_000)}${NOTE}`, [peter])).toThrow('more than 1000000 bytes');
  });

  it.each([
    TEXT,
    `${TEXT}\n`,
    `${TEXT}\n${PETER_LINE.slice(0, -1)}`,
    `${TEXT}${PETER_LINE}`,
    `\u0001${TEXT}\n${PETER_LINE}`,
    `\t${TEXT}\n${PETER_LINE}`,
    `${TEXT}\r\n\r\n${PETER_LINE}`,
    `${TEXT}\n— Bad Name x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`,
    `${TEXT}\n${PETER_LINE.replace('PeterNeumann', 'Peter+Neumann')}`,
    `${TEXT}\n${PETER_LINE.replace('PeterNeumann', 'Peter\u00a0Neumann')}`,
    `${TEXT}\n${PETER_LINE.replace('PeterNeumann', '')}`,
    `${TEXT}\n${PETER_LINE.replace('— ', '- ')}`,
    `${TEXT}\n${PETER_LINE.replace('— ', '—')}`,
    `${TEXT}\n${PETER_LINE.replace('\n', ' \n')}`,
    `${TEXT}\n${PETER_LINE.replace('=\n', '\n')}`,
    `${TEXT}\n${PETER_LINE.replace('nAM=', 'nAN=')}`,
    `${TEXT}\n${PETER_LINE.replace('x08go/', 'x08go_')}`,
    `${TEXT}\n— PeterNeumann x08gow==\n`,
    `${TEXT}\n${PETER_LINE}Unexpected line.\n`,
    `${TEXT}\n${PETER_LINE}\n`,
    '',
    '\n\n',
  ])('is refused when it is malformed: %j', (note) => {
    expect(() => openNote(note, [peter])).toThrow(NoteError);
    expect(() => openNote(note, [peter])).not.toThrow(UntrustedNoteError);
  });

  it('is refused when it is not UTF-8, and not stripped of a byte order mark', () => {
    expect(() => openNote(Buffer.concat([Buffer.of(0xff), Buffer.from(NOTE)]), [peter])).toThrow('not UTF-8');
    expect(() => openNote(`\ud800${NOTE}`, [peter])).toThrow(NoteError);
    expect(() => openNote(Buffer.from(`\ufeff${NOTE}`), [peter])).toThrow('is wrong');
  });

  it('is refused when a bit of its text or signature was flipped', () => {
    const note = Buffer.from(`${TEXT}\n${PETER_LINE}`);
    fc.assert(
      fc.property(fc.nat({ max: note.length * 8 - 1 }), (bit) => {
        const changed = Buffer.from(note);
        changed[bit >> 3]! ^= 1 << (bit & 7);
        expect(() => openNote(changed, [peter])).toThrow(NoteError);
      }),
      generatedProperty(1_000),
    );
  });

  it('is not accepted with the other form of its signature, S + L', () => {
    // The order of the group of Ed25519: adding it to S gives the same point, and RFC 8032 forbids it.
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const { name, keyId, signature } = openNote(NOTE, [peter]).signatures[0]!;
    const half = Buffer.from(signature);
    let sum = BigInt(`0x${Buffer.from(half.subarray(32).toReversed()).toString('hex')}`) + order;
    for (let place = 32; place < 64; place += 1, sum >>= 8n) half[place] = Number(sum & 255n);
    expect(() => openNote(`${TEXT}\n${signatureLine({ name, keyId, signature: half })}`, [peter])).toThrow('is wrong');
  });

  it.each(['abc', '', 'a\tb\n', 'a\u0000\n', 'a\r\n', '\ud800\n'])('does not sign the text %j', (text) => {
    const signer = ed25519Signer('PeterNeumann', keyOfSeed(PETER_SEED));
    expect(() => signNote(text, [signer])).toThrow(NoteError);
  });

  it('is signed by Ed25519 keys with valid names alone', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    for (const name of ['', 'a b', 'a+b', 'a\u2003b', 'a\nb', 'a\u0007b', 'a\u0085b']) {
      expect(() => ed25519Signer(name, privateKey)).toThrow(NoteError);
    }
    const { privateKey: otherKind } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(() => ed25519Signer('x', otherKind)).toThrow('The key is not an Ed25519 key.');
  });
});

describe('A verifier key', () => {
  it('is read and written in one spelling', () => {
    expect(formatVerifierKey(parseVerifierKey(PETER))).toBe(PETER);
    expect(parseVerifierKey(PETER)).toMatchObject({ name: 'PeterNeumann', keyId: 0xc74f20a3, algorithm: 1 });
  });

  it('is refused in part, or with one character changed', () => {
    for (let start = 0; start <= PETER.length; start += 1) {
      for (let end = start + 1; end <= PETER.length; end += 1) {
        if (start === 0 && end === PETER.length) continue;
        expect(() => parseVerifierKey(PETER.slice(start, end))).toThrow(NoteError);
      }
    }
    for (let place = 0; place < PETER.length; place += 1) {
      const next = String.fromCharCode(PETER.charCodeAt(place) + 1);
      expect(() => parseVerifierKey(`${PETER.slice(0, place)}${next}${PETER.slice(place + 1)}`)).toThrow(NoteError);
    }
  });

  it.each([
    // Of another length, and of an unknown type, each with the key id that belongs to it.
    'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==',
    'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    PETER.toUpperCase(),
    PETER.replace('c74f20a3', 'C74F20A3'),
    `${PETER} `,
    `${PETER}\n`,
  ])('is not %j', (key) => {
    expect(() => parseVerifierKey(key)).toThrow(NoteError);
  });
});
