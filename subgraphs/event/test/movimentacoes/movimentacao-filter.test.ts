import { type Data, fixedClock } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import { completeMovimentacaoFilter, readMovimentacaoFilter } from '../../src/movimentacoes/movimentacao-filter.ts';

const HOJE = '2026-11-22';

const periodOf = (de?: string, ate?: string, clock = fixedClock(`${HOJE}T15:00:00Z`)): [string, string] => {
  const filter = completeMovimentacaoFilter(readMovimentacaoFilter({ de: de as Data, ate: ate as Data }), clock);
  return [filter.de, filter.ate];
};

function refusalOf(work: () => unknown): PublicError {
  try {
    work();
  } catch (error) {
    if (error instanceof PublicError) return error;
    throw error;
  }
  throw new Error('the filter was accepted');
}

describe('The period of a posting filter', () => {
  it('is the 30 days that end today without `de` and `ate`', () => {
    expect(periodOf()).toEqual(['2026-10-24', HOJE]);
  });

  it('ends today in São Paulo, not in UTC', () => {
    expect(periodOf(undefined, undefined, fixedClock('2026-11-22T02:59:59Z'))).toEqual(['2026-10-23', '2026-11-21']);
  });

  it('runs from `de` to today with `de` alone, and for 30 days when `de` is in the future', () => {
    expect(periodOf('2026-01-01')).toEqual(['2026-01-01', HOJE]);
    expect(periodOf('2026-11-23')).toEqual(['2026-11-23', '2026-12-22']);
  });

  it('is the 30 days that end on `ate` with `ate` alone', () => {
    expect(periodOf(undefined, '2026-03-30')).toEqual(['2026-03-01', '2026-03-30']);
  });

  it('has at most 365 days, both ends included', () => {
    expect(periodOf('2025-01-01', '2025-12-31')).toEqual(['2025-01-01', '2025-12-31']);
    expect(refusalOf(() => periodOf('2025-01-01', '2026-01-01')).code).toBe('BAD_USER_INPUT');
    expect(periodOf('2025-11-23')).toEqual(['2025-11-23', HOJE]);
    expect(refusalOf(() => periodOf('2025-11-22')).code).toBe('BAD_USER_INPUT');
  });

  it('is refused when it ends before it begins, and for a day outside the years 1900 to 2199', () => {
    expect(refusalOf(() => periodOf('2026-02-02', '2026-02-01')).code).toBe('BAD_USER_INPUT');
    expect(refusalOf(() => periodOf('0000-01-01', '0000-01-02')).code).toBe('BAD_USER_INPUT');
    expect(refusalOf(() => periodOf('9999-12-31')).code).toBe('BAD_USER_INPUT');
    expect(periodOf('2199-12-31')).toEqual(['2199-12-31', '2200-01-29']);
  });
});

describe('A posting filter', () => {
  it('has one form for all spellings of the same conditions', () => {
    expect(readMovimentacaoFilter({ tipos: ['TED', 'PIX', 'TED'], texto: 'JOÃO  silva' })).toEqual(
      readMovimentacaoFilter({ tipos: ['PIX', 'TED'], texto: 'joao-silva', natureza: null }),
    );
    expect(readMovimentacaoFilter({ texto: null })).toEqual(readMovimentacaoFilter({}));
  });

  it('is refused with `valorMaximo` below `valorMinimo`', () => {
    expect(refusalOf(() => readMovimentacaoFilter({ valorMinimo: 2n, valorMaximo: 1n })).code).toBe('BAD_USER_INPUT');
    expect(readMovimentacaoFilter({ valorMinimo: 1n, valorMaximo: 1n })).toMatchObject({
      valorMinimo: '0.01',
      valorMaximo: '0.01',
    });
  });

  it('is refused with a text over 200 characters', () => {
    expect(refusalOf(() => readMovimentacaoFilter({ texto: 'a'.repeat(201) })).code).toBe('LIMITE_EXCEDIDO');
    expect(readMovimentacaoFilter({ texto: 'a'.repeat(200) }).palavras).toEqual(['a'.repeat(200)]);
  });

  it.each(['', ' ', '***', ' - ', '%', '\u00a0\u200b', '\u0301', '北京', '🏦', '...///'])(
    'is refused with a text that has no word: %j is not the same as no text',
    (texto) => {
      expect(refusalOf(() => readMovimentacaoFilter({ texto }))).toMatchObject({
        code: 'BAD_USER_INPUT',
        message: '`texto` has no letter and no digit to look for.',
      });
    },
  );

  it('with an empty list of tipos matches nothing, unlike a filter without the list', () => {
    expect(readMovimentacaoFilter({ tipos: [] }).tipos).toEqual([]);
    expect(readMovimentacaoFilter({ tipos: null }).tipos).toBe(null);
  });
});
