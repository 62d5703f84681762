import { addDays, type Clock, type Data, daysBetween, today } from '@pessoa/domain/data';
import { formatDinheiro } from '@pessoa/domain/dinheiro';
import { PublicError } from '@pessoa/domain/errors';
import { wordsOf } from '@pessoa/domain/words';
import type { FiltroMovimentacao, NaturezaLancamento, TipoMovimentacao } from '../generated/resolvers.ts';
import { type Period, readPeriod } from '../period.ts';

/**
 * The filter as the client sent it, in one canonical form. A cursor is bound to this form and not to today's period, so
 * it is still valid after midnight.
 */
interface RequestedMovimentacaoFilter extends Period {
  readonly natureza: NaturezaLancamento | null;
  readonly tipos: readonly TipoMovimentacao[] | null;
  /** Decimal text, inclusive. */
  readonly valorMinimo: string | null;
  readonly valorMaximo: string | null;
  /** The words of the text, as `wordsOf` splits it. The last one is a prefix. Empty without a text. */
  readonly palavras: readonly string[];
}

/** The filter with both ends of its period, which has at most 365 days. */
export interface MovimentacaoFilter extends RequestedMovimentacaoFilter {
  readonly de: Data;
  readonly ate: Data;
}

const PERIOD_DAYS_DEFAULT = 30;
const PERIOD_DAYS_MAX = 365;
const TEXTO_LENGTH_MAX = 200;

const badInput = (detail: string): PublicError => new PublicError('BAD_USER_INPUT', { detail });

/**
 * @throws PublicError BAD_USER_INPUT for an impossible period, for `valorMaximo` below `valorMinimo` and for a text
 *   without words; LIMITE_EXCEDIDO for a text over 200 characters
 */
export function readMovimentacaoFilter(filtro: FiltroMovimentacao | null | undefined): RequestedMovimentacaoFilter {
  const { de, ate, natureza = null, tipos, valorMinimo, valorMaximo, texto } = filtro ?? {};
  if (valorMinimo != null && valorMaximo != null && valorMaximo < valorMinimo) {
    throw badInput('`valorMaximo` is below `valorMinimo`.');
  }
  if (texto != null && texto.length > TEXTO_LENGTH_MAX) {
    throw new PublicError('LIMITE_EXCEDIDO', { detail: '`texto` has at most 200 characters.' });
  }
  const palavras = wordsOf(texto ?? '');
  // Without words every posting would match, which is not what the client asked for.
  if (texto != null && palavras.length === 0) throw badInput('`texto` has no letter and no digit to look for.');
  return {
    ...readPeriod({ de: de ?? null, ate: ate ?? null }),
    natureza,
    tipos: tipos ? [...new Set(tipos)].toSorted() : null,
    valorMinimo: valorMinimo == null ? null : formatDinheiro(valorMinimo),
    valorMaximo: valorMaximo == null ? null : formatDinheiro(valorMaximo),
    palavras,
  };
}

/**
 * Completes the period, in days of São Paulo, both ends inclusive. Without `de` and `ate` it is the 30 days that end
 * today. With `ate` alone it is the 30 days that end there. With `de` alone it runs from there to today, or for 30 days
 * when `de` is in the future.
 *
 * @throws PublicError BAD_USER_INPUT over 365 days: a longer period is not cut silently
 */
export function completeMovimentacaoFilter(
  requestedFilter: RequestedMovimentacaoFilter,
  clock: Clock,
): MovimentacaoFilter {
  const hoje = today(clock);
  const span = PERIOD_DAYS_DEFAULT - 1;
  const ate =
    requestedFilter.ate ?? (requestedFilter.de && requestedFilter.de > hoje ? addDays(requestedFilter.de, span) : hoje);
  const de = requestedFilter.de ?? addDays(ate, -span);
  if (daysBetween(de, ate) + 1 > PERIOD_DAYS_MAX) {
    throw badInput('`de` and `ate` span at most 365 days; `ate` is today when left out.');
  }
  return { ...requestedFilter, de, ate };
}
