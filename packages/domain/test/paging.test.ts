import fc from 'fast-check';
import { cpfFromBase } from '../src/cpf.ts';
import { checkCpfsCount, cursorCodec, pageSize, type Position } from '../src/paging.ts';

const KEY = Buffer.alloc(32, 7);
const ANA = cpfFromBase('101010101');
const BIA = cpfFromBase('202020202');
const FILTER = { situacoes: ['EM_ABERTO'], valorMinimo: null };
const codec = cursorCodec('dividas', KEY);

const position: fc.Arbitrary<Position> = fc.record({
  sort: fc.string({ unit: 'grapheme' }),
  id: fc.string({ unit: 'grapheme' }),
});
const refused = expect.objectContaining({ code: 'BAD_USER_INPUT', message: expect.stringContaining('`after`') });

describe('A page', () => {
  it.each([
    [undefined, 25],
    [null, 25],
    [1, 1],
    [100, 100],
  ])('with first: %s has %i rows', (first, size) => {
    expect(pageSize(first)).toBe(size);
  });

  it.each([
    [101, 'LIMITE_EXCEDIDO'],
    [2_147_483_647, 'LIMITE_EXCEDIDO'],
    [0, 'BAD_USER_INPUT'],
    [-1, 'BAD_USER_INPUT'],
  ])('with first: %i is refused with %s', (first, code) => {
    expect(() => pageSize(first)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining('`first`') }),
    );
  });
});

describe('A list of CPFs', () => {
  it('has at most 100 entries', () => {
    expect(() => checkCpfsCount(Array(100))).not.toThrow();
    expect(() => checkCpfsCount(Array(101))).toThrow(
      expect.objectContaining({ code: 'LIMITE_EXCEDIDO', message: '`cpfs` has at most 100 entries.' }),
    );
  });
});

describe('A cursor', () => {
  it('decodes to the position that it encodes', () => {
    fc.assert(
      fc.property(position, (at) => {
        expect(codec.decode(ANA, FILTER, codec.encode(ANA, FILTER, at))).toEqual(at);
      }),
    );
  });

  it('is valid for one person, one list, one filter and one key', () => {
    const cursor = codec.encode(ANA, FILTER, { sort: '2026-01-01', id: 'd-1' });
    expect(() => codec.decode(BIA, FILTER, cursor)).toThrow(refused);
    expect(() => codec.decode(ANA, { ...FILTER, valorMinimo: '1.00' }, cursor)).toThrow(refused);
    expect(() => codec.decode(ANA, null, cursor)).toThrow(refused);
    expect(() => cursorCodec('movimentacoes', KEY).decode(ANA, FILTER, cursor)).toThrow(refused);
    expect(() => cursorCodec('dividas', Buffer.alloc(32, 8)).decode(ANA, FILTER, cursor)).toThrow(refused);
  });

  it('holds no CPF, in clear or in base64', () => {
    const cursor = codec.encode(ANA, FILTER, { sort: '2026-01-01', id: 'd-1' });
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(cursor).not.toContain(ANA);
    expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain(ANA);
  });

  it.each(['', 'x', '=', 'garbage', 'A'.repeat(10_000), '....', '\u0000', '{}', 'bnVsbA'])(
    'that we did not make is refused with BAD_USER_INPUT (case %#)',
    (cursor) => {
      expect(() => codec.decode(ANA, FILTER, cursor)).toThrow(refused);
    },
  );

  it('with added characters is refused', () => {
    const cursor = codec.encode(ANA, FILTER, { sort: '2026-01-01', id: 'd-1' });
    for (const spelling of [`${cursor}=`, `${cursor}==`, `${cursor}!`, `${cursor}\n`, ` ${cursor}`, `${cursor}A`]) {
      expect(() => codec.decode(ANA, FILTER, spelling)).toThrow(refused);
    }
  });

  it('has one spelling: the unused bits of its last character are zero, and + and / do not stand for - and _', () => {
    fc.assert(
      fc.property(
        position,
        fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/'),
        (at, last) => {
          const cursor = codec.encode(ANA, FILTER, at);
          const other = cursor.slice(0, -1) + last;
          if (other !== cursor) expect(() => codec.decode(ANA, FILTER, other)).toThrow(refused);
        },
      ),
    );
  });

  it('with one bit changed is refused', () => {
    fc.assert(
      fc.property(position, fc.nat(), fc.nat({ max: 7 }), (at, index, bit) => {
        const bytes = Buffer.from(codec.encode(ANA, FILTER, at), 'base64url');
        bytes[index % bytes.length]! ^= 1 << bit;
        expect(() => codec.decode(ANA, FILTER, bytes.toString('base64url'))).toThrow(refused);
      }),
    );
  });

  it('is never a text that we did not make', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) =>
        expect(() => codec.decode(ANA, FILTER, text)).toThrow(refused),
      ),
    );
  });
});
