import { type Data, fixedClock } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import type { FiltroMovimentacao } from '../src/generated/resolvers.ts';
import { askedMovimentacaoFilter, movimentacaoFilter } from '../src/movimentacoes/movimentacao-filter.ts';

const HOJE = '2026-11-22';

const periodOf = (de?: string, ate?: string, clock = fixedClock(`${HOJE}T15:00:00Z`)): [string, string] => {
  const filter = movimentacaoFilter(askedMovimentacaoFilter({ de: de as Data, ate: ate as Data }), clock);
  return [filter.de, filter.ate];
};

function refusalOf(work: () => unknown): PublicError {
  try {
    work();
  } catch (error) {
    if (error instanceof PublicError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('the period of movimentações', () => {
  it('is the 30 days that end today when none is given', () => {
    expect(periodOf()).toEqual(['2026-10-24', HOJE]);
  });

  it('ends today in São Paulo, not in UTC', () => {
    expect(periodOf(undefined, undefined, fixedClock('2026-11-22T02:59:59Z'))).toEqual(['2026-10-23', '2026-11-21']);
  });

  it('runs from `de` to today when only `de` is given, and 30 days from a `de` still to come', () => {
    expect(periodOf('2026-01-01')).toEqual(['2026-01-01', HOJE]);
    expect(periodOf('2026-11-23')).toEqual(['2026-11-23', '2026-12-22']);
  });

  it('is the 30 days that end at `ate` when only `ate` is given', () => {
    expect(periodOf(undefined, '2026-03-30')).toEqual(['2026-03-01', '2026-03-30']);
  });

  it('has at most 365 days, both ends counted', () => {
    expect(periodOf('2025-01-01', '2025-12-31')).toEqual(['2025-01-01', '2025-12-31']);
    expect(refusalOf(() => periodOf('2025-01-01', '2026-01-01')).code).toBe('BAD_USER_INPUT');
    expect(periodOf('2025-11-23')).toEqual(['2025-11-23', HOJE]);
    expect(refusalOf(() => periodOf('2025-11-22')).code).toBe('BAD_USER_INPUT');
  });

  it('does not end before it begins, nor name a day outside 1900 to 2199', () => {
    expect(refusalOf(() => periodOf('2026-02-02', '2026-02-01')).code).toBe('BAD_USER_INPUT');
    expect(refusalOf(() => periodOf('0000-01-01', '0000-01-02')).code).toBe('BAD_USER_INPUT');
    expect(refusalOf(() => periodOf('9999-12-31')).code).toBe('BAD_USER_INPUT');
    expect(periodOf('2199-12-31')).toEqual(['2199-12-31', '2200-01-29']);
  });
});

describe('the filter of movimentações', () => {
  const asked = (filtro: FiltroMovimentacao) => askedMovimentacaoFilter(filtro);

  it('is the same for the same wish in other words', () => {
    expect(asked({ tipos: ['TED', 'PIX', 'TED'], texto: 'JOÃO  silva' })).toEqual(
      asked({ tipos: ['PIX', 'TED'], texto: 'joao-silva', natureza: null }),
    );
    expect(asked({ texto: null })).toEqual(asked({}));
  });

  it('refuses amounts of which the highest is below the lowest', () => {
    expect(refusalOf(() => asked({ valorMinimo: 2n, valorMaximo: 1n })).code).toBe('BAD_USER_INPUT');
    expect(asked({ valorMinimo: 1n, valorMaximo: 1n })).toMatchObject({ valorMinimo: '0.01', valorMaximo: '0.01' });
  });

  it('refuses a text over 200 characters', () => {
    expect(refusalOf(() => asked({ texto: 'a'.repeat(201) })).code).toBe('LIMITE_EXCEDIDO');
    expect(asked({ texto: 'a'.repeat(200) }).palavras).toEqual(['a'.repeat(200)]);
  });

  it.each(['', ' ', '***', ' - ', '%', '\u00a0\u200b', '\u0301', '北京', '🏦', '...///'])(
    'is refused where nothing is left of its text: %j is not the same as no text',
    (texto) => {
      expect(refusalOf(() => asked({ texto }))).toMatchObject({
        code: 'BAD_USER_INPUT',
        message: '`texto` has no letter and no digit to look for.',
      });
    },
  );

  it('of no kind at all is a filter: nothing is of it', () => {
    expect(asked({ tipos: [] }).tipos).toEqual([]);
    expect(asked({ tipos: null }).tipos).toBe(null);
  });
});
