import type { BemRow, FonteDeRendaRow } from '@pessoa/bases/base-b';
import type { Data } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import type { Endereco as EnderecoPublico } from '../generated/resolvers.ts';

export type Endereco = EnderecoPublico & { readonly atualizadoEm: Date | null };

/** A profile as Base B has it: the data of the score, and a little more. */
export interface Perfil {
  readonly nascimento: Data | null;
  readonly endereco: Endereco | null;
  /**
   * FONTE_INVALIDA in place of an item with an amount that is not a number. It costs that item and every sum over it:
   * graphql-js reports an Error in a list at the place of the item. Such a profile is not cached.
   */
  readonly bens: readonly (Bem | PublicError)[];
  readonly fontesDeRenda: readonly (FonteDeRenda | PublicError)[];
  /** Whether the profile may lack changes of Base B: it is an expired copy, or a replica gave it that may be behind. */
  readonly desatualizado: boolean;
}

export interface Bem extends Omit<BemRow, 'cpf' | 'valorEstimado' | 'saldoDevedor'> {
  readonly valorEstimadoCentavos: bigint | null;
  readonly saldoDevedorCentavos: bigint | null;
}

export interface FonteDeRenda extends Omit<FonteDeRendaRow, 'cpf' | 'valor'> {
  readonly valorCentavos: bigint;
}

/**
 * The items of a list, for a sum over all of them.
 *
 * @throws PublicError FONTE_INVALIDA when an item is unreadable: a sum over the others would be wrong, and nobody could
 *   tell
 */
export function allReadable<Item>(items: readonly (Item | PublicError)[]): Item[] {
  return items.map((item) => {
    if (item instanceof PublicError) throw item;
    return item;
  });
}
