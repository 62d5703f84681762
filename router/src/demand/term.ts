import type { Variables } from '@pessoa/service/graphql/selection';

/** A number, or a function of the operation's variables, with their defaults. */
export type Term = number | ((variables: Variables) => number);

export const evaluate = (term: Term, variables: Variables): number =>
  typeof term === 'number' ? term : term(variables);

/** Adds what is constant once, when the operation is compiled. */
export function sumOf(terms: readonly Term[]): Term {
  let constant = 0;
  const functions: Exclude<Term, number>[] = [];
  for (const term of terms) {
    if (typeof term === 'number') constant += term;
    else functions.push(term);
  }
  if (functions.length === 0) return constant;
  return (variables) => functions.reduce((sum, term) => sum + term(variables), constant);
}

export function productOf(first: Term, second: Term): Term {
  if (typeof first === 'number' && typeof second === 'number') return first * second;
  if (first === 0 || second === 0) return 0;
  return (variables) => evaluate(first, variables) * evaluate(second, variables);
}

/** 0 for no terms. */
export function maxOf(terms: readonly Term[]): Term {
  const [first = 0, ...others] = terms;
  if (others.length === 0) return first;
  if (terms.every((term) => typeof term === 'number')) return Math.max(...terms);
  return (variables) => Math.max(...terms.map((term) => evaluate(term, variables)));
}
