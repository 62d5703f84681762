import type { Cpf } from '@pessoa/domain/cpf';

/** Whom Base C knows: the people in its `titular`, and nobody else. */
export interface TitularRepository {
  /** In the order asked; one statement a call. */
  areKnown(cpfs: readonly Cpf[]): Promise<boolean[]>;
}
