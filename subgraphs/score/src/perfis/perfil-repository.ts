import type { Cpf } from '@pessoa/domain/cpf';
import type { PublicError } from '@pessoa/domain/errors';
import type { Perfil } from './perfil.ts';

/**
 * The profiles in Base B. Assets and incomes are sorted by the bytes of their ids. One call is four parallel
 * statements, one for each table, whatever the number of people. They read at most `ITEMS_MAX` + 1 assets and as many
 * incomes of each person.
 */
export interface PerfilRepository {
  /**
   * One profile per CPF, in the order of `cpfs`: undefined for a CPF that the base does not know, FONTE_INVALIDA for a
   * person whose rows cannot be used.
   */
  findByCpfs(cpfs: readonly Cpf[]): Promise<(Perfil | PublicError | undefined)[]>;
}
