import type { Cpf } from '@pessoa/domain/cpf';

/** Base C knows the people in its table `titular`, and nobody else. */
export interface TitularRepository {
  /** One answer per CPF, in the order of `cpfs`. One call is one statement. */
  areKnown(cpfs: readonly Cpf[]): Promise<boolean[]>;
}
