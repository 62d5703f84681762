import { cpfFromBase } from '@pessoa/domain/cpf';
import type { Cpf } from '@pessoa/domain/cpf';
import type { PublicErrorCode } from '@pessoa/domain/errors';
import type { DayNumber } from '../population/calendar.ts';
import { FIRST_RESERVED } from '../population/cpf-sequence.ts';
import type { FictitiousPerson } from '../population/rows.ts';

/** The five REST routes below `/`, without the CPF. */
export const restPaths = ['divida', 'score', 'evento', 'evento/movtofinanceiro', 'evento/ultcompracartao'] as const;
export type RestPath = (typeof restPaths)[number];

/** A text in the languages of the two READMEs. */
export interface Translated {
  readonly pt: string;
  readonly en: string;
}

/**
 * What the graph answers about a person on the day of the seed. docs/people-to-try.md lists it, and
 * people-to-try.e2e.test.ts checks it.
 */
export interface ExpectedAnswers {
  /** Fields below `pessoa`, as `dividas.totalCount` or `dividas.nodes.0.natureza`, and their values. */
  readonly campos: Readonly<Record<string, string | number | boolean | null>>;
  /** Fields that have an error, with its code. */
  readonly erros?: Readonly<Record<string, PublicErrorCode>>;
  /** Routes whose answer is not 200, with the error code. */
  readonly rest?: Readonly<Partial<Record<RestPath, PublicErrorCode>>>;
  /** Fields whose value differs for the person's own token. */
  readonly titular?: Readonly<Record<string, string | number | boolean | null>>;
}

/** A fictitious person with one situation, the same in every population, like a test card of a payment API. */
export interface PersonToTry {
  readonly cpf: Cpf;
  /** Null when no base has a name for this CPF. */
  readonly nome: string | null;
  readonly situacao: Translated;
  /** Whether the consent in development tokens is in force. */
  readonly consentimento: 'vigente' | 'vencido';
  readonly expected: ExpectedAnswers;
  /** The rows of this person, with dates relative to `hoje`; undefined when no base knows the CPF. */
  rows(hoje: DayNumber): FictitiousPerson | undefined;
}

/** @param number 1 to 99
 * @returns a CPF that begins with 999.999, and an index for the ids of the person's rows */
export function identityToTry(number: number): { readonly cpf: Cpf; readonly index: number } {
  return { cpf: cpfFromBase(`999999${number.toString().padStart(3, '0')}`), index: FIRST_RESERVED + number };
}
