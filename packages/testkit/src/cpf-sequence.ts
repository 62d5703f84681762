import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';

/** @param start first nine digits of the first CPF. @returns a function that returns the next valid CPF at each call */
export function cpfSequence(start: number): () => Cpf {
  let base = start;
  return () => cpfFromBase(String(base++).padStart(9, '0'));
}
