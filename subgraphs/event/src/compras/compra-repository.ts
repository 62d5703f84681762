import type { Cpf } from '@pessoa/domain/cpf';
import type { Compra } from './compra.ts';

export interface CompraRepository {
  /**
   * The newest purchase of each, by instant and then by id, in the order asked; undefined where there is none. One that
   * is dated after today has not happened. One statement a call, bringing one row a person.
   */
  ultimas(cpfs: readonly Cpf[]): Promise<(Compra | undefined)[]>;
}
