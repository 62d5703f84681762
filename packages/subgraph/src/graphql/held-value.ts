/**
 * A value that a base should not hold, found where it is read. The message says what is wrong with it and never quotes it.
 * The row faults plugin makes FONTE_INVALIDA of it.
 */
export class ValueFault extends Error {}

/** What docs/bases.md says of a value that the SDL's type does not. */
export interface ValueRule<Value> {
  readonly fault: string;
  readonly holds: (value: Value) => boolean;
}

/**
 * The value as it is, if the rule holds for it; what is absent stays so.
 * @throws ValueFault
 */
export function held<Value>(value: Value, { fault, holds }: ValueRule<NonNullable<Value>>): Value {
  if (value !== null && value !== undefined && !holds(value)) throw new ValueFault(fault);
  return value;
}

/** The value, where only a base that breaks its contract has none. @throws ValueFault */
export function promised<Value>(value: Value): Value {
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

/** Of an amount, in centavos or as decimal text. */
export const neverNegative: ValueRule<bigint | string> = {
  fault: 'below zero',
  holds: (amount) => (typeof amount === 'bigint' ? amount >= 0n : !amount.startsWith('-')),
};
