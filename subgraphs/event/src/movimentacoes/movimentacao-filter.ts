import { addDays, type Clock, type Data, daysBetween, today } from '@pessoa/domain/data';
import { formatDinheiro } from '@pessoa/domain/dinheiro';
import { PublicError } from '@pessoa/domain/errors';
import { wordsOf } from '@pessoa/domain/words';
import type { FiltroMovimentacao, NaturezaLancamento, TipoMovimentacao } from '../generated/resolvers.ts';
import { type Periodo, readPeriodo } from '../periodo.ts';

/** What a client asked to see, in one canonical form. A cursor is bound to it, so that a page turns past midnight too. */
interface AskedMovimentacaoFilter extends Periodo {
  readonly natureza: NaturezaLancamento | null;
  readonly tipos: readonly TipoMovimentacao[] | null;
  /** Decimal text, inclusive. */
  readonly valorMinimo: string | null;
  readonly valorMaximo: string | null;
  /** As `wordsOf` splits them; the last one is a prefix. Empty: any text. */
  readonly palavras: readonly string[];
}

/** The same with a period of at most 365 days. */
export interface MovimentacaoFilter extends AskedMovimentacaoFilter {
  readonly de: Data;
  readonly ate: Data;
}

const PERIOD_DAYS_DEFAULT = 30;
const PERIOD_DAYS_MAX = 365;
const TEXTO_LENGTH_MAX = 200;

const badInput = (detail: string): PublicError => new PublicError('BAD_USER_INPUT', { detail });

/**
 * @throws PublicError BAD_USER_INPUT for a period or amounts that cannot be and for a text without words, LIMITE_EXCEDIDO for
 *   a text over 200 characters
 */
export function askedMovimentacaoFilter(filtro: FiltroMovimentacao | null | undefined): AskedMovimentacaoFilter {
  const { de, ate, natureza = null, tipos, valorMinimo, valorMaximo, texto } = filtro ?? {};
  if (valorMinimo != null && valorMaximo != null && valorMaximo < valorMinimo) {
    throw badInput('`valorMaximo` is below `valorMinimo`.');
  }
  if (texto != null && texto.length > TEXTO_LENGTH_MAX) {
    throw new PublicError('LIMITE_EXCEDIDO', { detail: '`texto` has at most 200 characters.' });
  }
  const palavras = wordsOf(texto ?? '');
  // Without words every text would match: the answer to another question than the one that was asked.
  if (texto != null && palavras.length === 0) throw badInput('`texto` has no letter and no digit to look for.');
  return {
    ...readPeriodo({ de: de ?? null, ate: ate ?? null }),
    natureza,
    tipos: tipos ? [...new Set(tipos)].toSorted() : null,
    valorMinimo: valorMinimo == null ? null : formatDinheiro(valorMinimo),
    valorMaximo: valorMaximo == null ? null : formatDinheiro(valorMaximo),
    palavras,
  };
}

/**
 * Completes the period, in days of São Paulo, both ends inclusive. Neither given: the 30 days that end today. Only `ate`:
 * the 30 days that end there. Only `de`: from there to today, or, for a day still to come, 30 days from there.
 *
 * @throws PublicError BAD_USER_INPUT over 365 days; nothing is cut silently
 */
export function movimentacaoFilter(asked: AskedMovimentacaoFilter, clock: Clock): MovimentacaoFilter {
  const hoje = today(clock);
  const span = PERIOD_DAYS_DEFAULT - 1;
  const ate = asked.ate ?? (asked.de && asked.de > hoje ? addDays(asked.de, span) : hoje);
  const de = asked.de ?? addDays(ate, -span);
  if (daysBetween(de, ate) + 1 > PERIOD_DAYS_MAX) {
    throw badInput('`de` and `ate` span at most 365 days; `ate` is today when left out.');
  }
  return { ...asked, de, ate };
}
