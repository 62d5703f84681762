import type { Findings } from './compare.ts';
import { type PermittedLosses, permits } from './permitted-losses.ts';

/**
 * What an answer is:
 *
 * - `whole`: every value is there and true.
 * - `partial`: only fields are lost that the disturbed part may cost, each with its code.
 * - `unexpected`: another field is lost, or another code says why, or the request was refused.
 * - `failed`: a 5xx, or no answer.
 * - `wrong`: a value is there and not true, or a null is there without an error.
 */
export const classes = ['whole', 'partial', 'unexpected', 'failed', 'wrong'] as const;
export type Class = (typeof classes)[number];

/** A request of the load and its answer. */
export interface Outcome extends Findings {
  /** The name of the whole request in its losses. */
  readonly whole: string;
  /** By `performance.now()`. */
  readonly sentAt: number;
  readonly millis: number;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
}

export const isFailure = ({ status }: Outcome): boolean => status === 0 || status >= 500;

/** Whether the disturbed part may cost everything that the answer has lost. */
export const isPermitted = ({ losses }: Outcome, permitted: PermittedLosses | undefined): boolean =>
  losses.every((loss) => permitted !== undefined && permits(permitted, loss));

/** @param permitted undefined while nothing is disturbed */
export function classOf(outcome: Outcome, permitted: PermittedLosses | undefined): Class {
  if (outcome.wrong.length > 0) return 'wrong';
  if (isFailure(outcome)) return 'failed';
  if (outcome.losses.length === 0) return 'whole';
  return isPermitted(outcome, permitted) ? 'partial' : 'unexpected';
}
