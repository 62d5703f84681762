import { fixedClock } from '@pessoa/domain/data';
import { finalidades } from '@pessoa/domain/finalidade';
import { InvalidTokenError } from 'graphql-jwt-guard/token';
import { identityReader, standardClaimNames } from '../../src/identity/claims.ts';
import { endOfSeal, lastSealDay } from '../../src/identity/seal.ts';
import { type Viewer, viewerOf } from '../../src/identity/viewer.ts';

const CLOCK = fixedClock('2026-11-30T15:00:00Z');
const ORDER = '0001234-03.2026.8.26.0100';
const rules = { clock: CLOCK, sealClients: new Set(['banco', 'tribunal']) };
const SEAL = { referencia: 'FRAUDE-2026.7_a', ate: '2027-05-31' };
const readIdentity = identityReader(standardClaimNames);

const viewerWith = (claims: Record<string, unknown>, given: Parameters<typeof viewerOf>[2] = rules): Viewer =>
  viewerOf(readIdentity({ sub: 's', client_id: 'banco', finalidade: 'PREVENCAO_FRAUDE', ...claims }), undefined, given);

describe('The claim sigilo', () => {
  it('seals what a client reads for an investigation, until the end of its last day in São Paulo', () => {
    expect(viewerWith({ sigilo: SEAL }).sigilo).toEqual({
      referencia: SEAL.referencia,
      ate: new Date('2027-06-01T03:00:00Z'),
    });
    expect(viewerWith({ sigilo: { ...SEAL, ate: Date.parse('2027-06-01T02:59:59Z') / 1_000 } }).sigilo?.ate).toEqual(
      new Date('2027-06-01T03:00:00Z'),
    );
    expect(viewerWith({}).sigilo).toBeUndefined();
  });

  it('seals what a client reads for a court, under the number of the lawsuit, however it is written', () => {
    const order = { client_id: 'tribunal', finalidade: 'ORDEM_JUDICIAL', ordem_judicial: ORDER };
    for (const referencia of [ORDER, ORDER.replaceAll(/\D/g, '')])
      expect(viewerWith({ ...order, sigilo: { ...SEAL, referencia } }).sigilo?.referencia).toBe(ORDER);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['true', true],
    ['a text', 'FRAUDE-1'],
    ['a list', [SEAL]],
    ['without a reference', { ate: SEAL.ate }],
    ['without a last day', { referencia: SEAL.referencia }],
    ['with a member that nobody knows', { ...SEAL, desde: '2026-01-01' }],
    ['with an empty reference', { ...SEAL, referencia: '' }],
    ['with a space in its reference', { ...SEAL, referencia: 'FRAUDE 1' }],
    ['with a line end after its reference', { ...SEAL, referencia: 'FRAUDE-1\n' }],
    ['with a reference that begins like an option', { ...SEAL, referencia: '-lift' }],
    ['with a reference of other letters', { ...SEAL, referencia: 'ação' }],
    ['with a reference of 65 characters', { ...SEAL, referencia: 'a'.repeat(65) }],
    ['with a number as its reference', { ...SEAL, referencia: 7 }],
    ['with a CPF as its reference', { ...SEAL, referencia: '52998224725' }],
    ['with a written CPF as its reference', { ...SEAL, referencia: '529.982.247-25' }],
    ['with a CPF within its reference', { ...SEAL, referencia: 'FRAUDE-52998224725-a' }],
    ['with a written CPF within its reference', { ...SEAL, referencia: 'FRAUDE_529.982.247-25' }],
    ['with a CPF that is half written', { ...SEAL, referencia: 'FRAUDE.529982247-25' }],
    ['with a CPF with other marks', { ...SEAL, referencia: '529-982-247-25' }],
    ['with a CPF with other marks within its reference', { ...SEAL, referencia: 'FRAUDE-529_982.247.25' }],
    ['with a CPF after another number', { ...SEAL, referencia: '12345678901-52998224725' }],
    ['until a day that does not exist', { ...SEAL, ate: '2027-02-29' }],
    ['until an instant', { ...SEAL, ate: '2027-05-31T00:00:00Z' }],
    ['until null', { ...SEAL, ate: null }],
    ['until a day of another century', { ...SEAL, ate: '2126-05-31' }],
  ])('%s makes the whole token invalid', (_title, sigilo) => {
    expect(() => viewerWith({ sigilo })).toThrow(new InvalidTokenError('the claim sigilo is missing or malformed'));
  });

  it.each(['FRAUDE-2026-7', '52998224726', 'a529982247250', ORDER.replaceAll(/\D/g, ''), '20261130-01234567'])(
    'may have digits in its reference that are no CPF: %s',
    (referencia) => {
      expect(viewerWith({ sigilo: { ...SEAL, referencia } }).sigilo?.referencia).toBe(referencia);
    },
  );

  it.each<[string, Record<string, unknown>, string]>([
    ["in a holder's token", { cpf: '52998224725' }, 'holder'],
    ['of a client that may not seal', { client_id: 'loja' }, 'client'],
    ['that ended yesterday', { sigilo: { ...SEAL, ate: '2026-11-29' } }, 'over'],
    ['for more than a year', { sigilo: { ...SEAL, ate: '2027-12-01' } }, 'a year ahead'],
    ['by a court without a lawsuit', { finalidade: 'ORDEM_JUDICIAL' }, 'ordem_judicial'],
    ['by a court, of an investigation', { finalidade: 'ORDEM_JUDICIAL', ordem_judicial: ORDER }, 'ordem_judicial'],
    [
      'by a court, of another lawsuit',
      {
        finalidade: 'ORDEM_JUDICIAL',
        ordem_judicial: ORDER,
        sigilo: { ...SEAL, referencia: '0000001-39.2024.8.26.0100' },
      },
      'ordem_judicial',
    ],
  ])('%s is refused, and the read is not answered without it', (_title, claims, says) => {
    expect(() => viewerWith({ sigilo: SEAL, ...claims })).toThrow(
      expect.objectContaining({ code: 'SIGILO_INADMISSIVEL', message: expect.stringContaining(says) }),
    );
  });

  it.each(finalidades.filter((finalidade) => !['ORDEM_JUDICIAL', 'PREVENCAO_FRAUDE'].includes(finalidade)))(
    'is refused with the purpose %s, also in the header',
    (finalidade) => {
      const cpf = finalidade === 'CONSULTA_DO_TITULAR' ? '52998224725' : undefined;
      expect(() => viewerWith({ sigilo: SEAL, finalidade, cpf })).toThrow(
        expect.objectContaining({ code: 'SIGILO_INADMISSIVEL' }),
      );
      const identity = readIdentity({ sub: 's', client_id: 'banco', cpf, sigilo: SEAL });
      expect(() => viewerOf(identity, finalidade, rules)).toThrow(
        expect.objectContaining({ code: 'SIGILO_INADMISSIVEL' }),
      );
    },
  );

  it('may end today, and the same day a year later', () => {
    expect(lastSealDay(CLOCK)).toBe('2027-11-30');
    for (const ate of ['2026-11-30', '2027-11-30'] as const)
      expect(viewerWith({ sigilo: { ...SEAL, ate } }).sigilo?.ate).toEqual(endOfSeal(ate as never));
    const leapDay = fixedClock('2028-02-29T15:00:00Z');
    expect(lastSealDay(leapDay)).toBe('2029-03-01');
  });

  it('is not checked again where nobody is read, and nobody may seal by default', () => {
    expect(viewerWith({ client_id: 'loja', sigilo: SEAL }, 'checked').sigilo).toBeDefined();
    expect(() => viewerWith({ sigilo: SEAL }, { clock: CLOCK, sealClients: new Set() })).toThrow();
  });
});
