import type { Cpf } from '@pessoa/domain/cpf';
import type { PublicError } from '@pessoa/domain/errors';
import type { Perfil } from './perfil.ts';

/**
 * Profiles of Base B, assets and sources of income by id. Four statements a call, one for each table, side by side,
 * whatever the number of people, bringing at most `ITEMS_MAX` + 1 assets and as many sources of each.
 */
export interface PerfilRepository {
  /**
   * One profile per CPF, in the order asked; undefined where the base does not know the CPF, FONTE_INVALIDA where what
   * it has of a person cannot be used.
   */
  perfis(cpfs: readonly Cpf[]): Promise<(Perfil | PublicError | undefined)[]>;
}
