/**
 * A value that breaks a rule of its base. The message names the fault and never quotes the value. The row faults plugin turns it
 * into FONTE_INVALIDA.
 */
export class ValueFault extends Error {}

/** A rule of docs/bases.md that the SDL's type does not express. */
export interface ValueRule<Value> {
  readonly fault: string;
  readonly holds: (value: Value) => boolean;
}

/**
 * @returns the value unchanged, if the rule holds for it or it is null or undefined
 * @throws ValueFault
 */
export function checkValue<Value>(value: Value, { fault, holds }: ValueRule<NonNullable<Value>>): Value {
  if (value !== null && value !== undefined && !holds(value)) throw new ValueFault(fault);
  return value;
}

/** @returns the value of a column that must not be null. @throws ValueFault when it is null */
export function requireValue<Value>(value: Value): Value {
  if (value === null) throw new ValueFault('null');
  return value;
}

export const matching = (pattern: RegExp, what: string): ValueRule<string> => ({
  fault: `not ${what}`,
  holds: (text) => pattern.test(text),
});

export const digits = (count: number): ValueRule<string> => ({
  fault: `not ${count} digits`,
  holds: (text) => text.length === count && /^[0-9]+$/.test(text),
});

export const between = (least: number, most: number): ValueRule<number> => ({
  fault: `not from ${least} to ${most}`,
  holds: (value) => value >= least && value <= most,
});

export const oneOf = (values: ReadonlySet<string>): ValueRule<string> => ({
  fault: 'not a value of the list',
  holds: (value) => values.has(value),
});

/** For an amount, in centavos or as decimal text. */
export const neverNegative: ValueRule<bigint | string> = {
  fault: 'below zero',
  holds: (amount) => (typeof amount === 'bigint' ? amount >= 0n : !amount.startsWith('-')),
};
