import { addDays, addYears, type Clock, type Data, today } from '@pessoa/domain/data';
import type { SituacaoDivida } from '../generated/resolvers.ts';

/** Which debts of a person an answer may show; undefined: all of them. */
export type Visibility =
  | undefined
  | {
      readonly situacoes: readonly SituacaoDivida[];
      /** The oldest `vencimento` that may still be shown. */
      readonly vencimentoDesde: Data;
      /** Nothing that is due, told or entered after this day is shown. */
      readonly hoje: Data;
    };

const RETENTION_YEARS = 5;
const SHOWN_TO_THIRD_PARTIES: readonly SituacaoDivida[] = [
  'EM_ABERTO',
  'EM_NEGOCIACAO',
  'ACORDO_VIGENTE',
  'CONTESTADA',
];

/**
 * Third parties see what is owed or disputed, from its due date for five years (CDC art. 43 §1 and §5, Súmula STJ 323),
 * and only if the consumer was told before the entry (CDC art. 43 §2, Súmula STJ 359; the statement checks that). What
 * is still to come (a due date, a notice, an entry) is not shown yet. The holder sees all.
 */
export function visibilityFor(isTitular: boolean, clock: Clock): Visibility {
  if (isTitular) return undefined;
  const hoje = today(clock);
  return { situacoes: SHOWN_TO_THIRD_PARTIES, vencimentoDesde: oldestShownOn(hoje), hoje };
}

/** The first `vencimento` whose five years have not ended before this day: the anniversary itself is still shown. */
function oldestShownOn(day: Data): Data {
  const anniversary = addYears(day, -RETENTION_YEARS);
  // The five years of a 29 February end on 1 March, like those of the day after it.
  const dayBefore = addDays(anniversary, -1);
  return addYears(dayBefore, RETENTION_YEARS) >= day ? dayBefore : anniversary;
}
