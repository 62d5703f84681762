import type { BemRow, FonteDeRendaRow } from '@pessoa/bases/base-b';
import type { Data } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import type { Endereco as EnderecoPublico } from '../generated/resolvers.ts';

export type Endereco = EnderecoPublico & { readonly atualizadoEm: Date | null };

/** A profile as Base B has it: what the note comes from, and a little more. */
export interface Perfil {
  readonly nascimento: Data | null;
  readonly endereco: Endereco | null;
  /** FONTE_INVALIDA in place of one whose amounts are none: it costs that one, and every sum over it. */
  readonly bens: readonly (Bem | PublicError)[];
  readonly fontesDeRenda: readonly (FonteDeRenda | PublicError)[];
  /** True for a copy that may lack what the base already has: one past its time, or of a replica that may be behind. */
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
 * All items of a list, for what is made of all of them.
 * @throws PublicError FONTE_INVALIDA where one is unreadable: a sum over the others would be wrong, and nobody could tell
 */
export function allReadable<Item>(items: readonly (Item | PublicError)[]): Item[] {
  return items.map((item) => {
    if (item instanceof PublicError) throw item;
    return item;
  });
}
