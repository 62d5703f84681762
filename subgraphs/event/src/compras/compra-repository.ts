import type { Cpf } from '@pessoa/domain/cpf';
import type { Compra } from './compra.ts';

export interface CompraRepository {
  /**
   * The newest purchase of each person, by instant and then by id; undefined for a person without one. Answers in the
   * order of `cpfs`. Purchases dated after today have not happened and are skipped. One call is one statement, which
   * reads one row a person.
   */
  findUltimas(cpfs: readonly Cpf[]): Promise<(Compra | undefined)[]>;
}
