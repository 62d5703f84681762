import { addDays, addYears, type Clock, type Data, today } from '@pessoa/domain/data';
import type { SituacaoDivida } from '../generated/resolvers.ts';

/** Which debts of a person an answer may show; undefined: all of them. */
export type Visibility =
  | undefined
  | {
      readonly situacoes: readonly SituacaoDivida[];
      /** The oldest `vencimento` that may still be shown. */
      readonly vencimentoDesde: Data;
    };

const RETENTION_YEARS = 5;
const SHOWN_TO_THIRD_PARTIES: readonly SituacaoDivida[] = [
  'EM_ABERTO',
  'EM_NEGOCIACAO',
  'ACORDO_VIGENTE',
  'CONTESTADA',
];

/**
 * Third parties see what is owed or disputed, for five years from its due date (CDC art. 43 §1 and §5, Súmula STJ 323),
 * and only if the consumer was told before the entry (CDC art. 43 §2, Súmula STJ 359; the statement checks that).
 * The holder sees all.
 */
export const visibilityFor = (isTitular: boolean, clock: Clock): Visibility =>
  isTitular ? undefined : { situacoes: SHOWN_TO_THIRD_PARTIES, vencimentoDesde: oldestShownOn(today(clock)) };

/** The first `vencimento` whose five years have not ended before this day. */
function oldestShownOn(day: Data): Data {
  const anniversary = addYears(day, -RETENTION_YEARS);
  // 29 February goes back to 28 February, whose own five years ended the day before.
  return addYears(anniversary, RETENTION_YEARS) < day ? addDays(anniversary, 1) : anniversary;
}
