import { cpfFromBase } from '@pessoa/domain/cpf';
import type { Cpf } from '@pessoa/domain/cpf';
import type { PublicErrorCode } from '@pessoa/domain/errors';
import type { DayNumber } from '../populacao/calendario.ts';
import { FIRST_RESERVED } from '../populacao/cpf-sequence.ts';
import type { PessoaFicticia } from '../populacao/rows.ts';

/** The routes by which the five promises of REST are named. */
export const restPaths = ['divida', 'score', 'evento', 'evento/movtofinanceiro', 'evento/ultcompracartao'] as const;
export type RestPath = (typeof restPaths)[number];

/** In the languages of the two READMEs. */
export interface Words {
  readonly pt: string;
  readonly en: string;
}

/**
 * What the graph answers of a person on the day of the seed. It is printed in docs/people-to-try.md, shown by the start
 * page, and asserted by people-to-try.e2e.test.ts.
 */
export interface Promised {
  /** Fields below `pessoa`, as `dividas.totalCount` or `dividas.nodes.0.natureza`, and their values. */
  readonly campos: Readonly<Record<string, string | number | boolean | null>>;
  /** Fields that are lost, with the code of the error that says so. */
  readonly erros?: Readonly<Record<string, PublicErrorCode>>;
  /** What a route answers when it is not 200. */
  readonly rest?: Readonly<Partial<Record<RestPath, PublicErrorCode>>>;
  /** What the person's own token sees that a third party does not. */
  readonly titular?: Readonly<Record<string, string | number | boolean | null>>;
}

/** A fictitious person whose data make one situation, the same in every population: the test cards of this API. */
export interface PersonToTry {
  readonly cpf: Cpf;
  /** Null: no base has a name for this CPF. */
  readonly nome: string | null;
  readonly situacao: Words;
  /** What development tokens carry for this person. */
  readonly consentimento: 'vigente' | 'vencido';
  readonly promised: Promised;
  /** The rows of this person, all dates relative to `hoje`; undefined: no base has any. */
  rows(hoje: DayNumber): PessoaFicticia | undefined;
}

/** The identity of the person with this number, 1 to 99: a CPF that begins with 999.999, and ids of rows to go with it. */
export function identityToTry(number: number): { readonly cpf: Cpf; readonly index: number } {
  return { cpf: cpfFromBase(`999999${number.toString().padStart(3, '0')}`), index: FIRST_RESERVED + number };
}
