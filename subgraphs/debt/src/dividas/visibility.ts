import { addDays, addYears, type Clock, type Data, today } from '@pessoa/domain/data';
import type { SituacaoDivida } from '../generated/resolvers.ts';

/** Which debts of a person an answer may show. Undefined: all of them. */
export type Visibility =
  | undefined
  | {
      readonly situacoes: readonly SituacaoDivida[];
      /** The oldest `vencimento` that may still be shown. */
      readonly vencimentoDesde: Data;
      /** A debt that falls due, was notified or was entered after this day is not shown. */
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
 * Third parties see open and disputed debts for five years from the due date (CDC art. 43 §1 and §5, Súmula STJ 323), and only if
 * the consumer was notified on the day of the entry or before (CDC art. 43 §2, Súmula STJ 359; the SQL statement checks that). A debt with a future due
 * date, notice or entry is not shown yet. The holder sees all debts.
 */
export function visibilityFor(isTitular: boolean, clock: Clock): Visibility {
  if (isTitular) return undefined;
  const hoje = today(clock);
  return { situacoes: SHOWN_TO_THIRD_PARTIES, vencimentoDesde: oldestVencimentoShown(hoje), hoje };
}

/** @returns the oldest `vencimento` that is still shown on this day; on its fifth anniversary a debt is still shown */
function oldestVencimentoShown(day: Data): Data {
  const anniversary = addYears(day, -RETENTION_YEARS);
  // The five years of a 29 February end on 1 March, like the five years of 1 March.
  const dayBefore = addDays(anniversary, -1);
  return addYears(dayBefore, RETENTION_YEARS) >= day ? dayBefore : anniversary;
}
