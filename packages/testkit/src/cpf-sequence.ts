import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';

/** Valid CPFs that no other test of the file has: each call gives the next. @param start nine digits */
export function cpfSequence(start: number): () => Cpf {
  let base = start;
  return () => cpfFromBase(String(base++).padStart(9, '0'));
}
