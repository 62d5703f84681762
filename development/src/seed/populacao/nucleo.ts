import type { Cpf } from '@pessoa/domain/cpf';
import type { DayNumber } from './calendario.ts';
import type { Municipio } from './municipios.ts';
import type { Ocupacao } from './ocupacao.ts';

/** What the parts of a person have in common, so that they fit together. */
export interface Pessoa {
  readonly index: number;
  readonly cpf: Cpf;
  readonly hoje: DayNumber;
  readonly idade: number;
  readonly municipio: Municipio;
  readonly ocupacao: Ocupacao;
  /** Has a bank account in use. */
  readonly ativa: boolean;
}
