import type { Cpf } from '@pessoa/domain/cpf';
import type { DayNumber } from './calendar.ts';
import type { Municipio } from './municipios.ts';
import type { Ocupacao } from './ocupacao.ts';

/** The facts about a person that its rows in all bases agree on. */
export interface PersonCore {
  readonly index: number;
  readonly cpf: Cpf;
  readonly hoje: DayNumber;
  readonly idade: number;
  readonly municipio: Municipio;
  readonly ocupacao: Ocupacao;
  readonly hasActiveAccount: boolean;
}
