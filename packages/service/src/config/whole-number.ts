import { z } from 'zod';

/**
 * A variable that is a whole number in decimal digits. JavaScript would accept more as a number (blanks as 0, `0x10`,
 * `1e3`, `4000.0`), but in a setting that is usually a mistake.
 */
export function wholeNumber(min: number, max: number, description = 'a whole number') {
  const fault = `is not ${description}, ${min} to ${max}`;
  return z
    .string(fault)
    .regex(/^\d{1,15}$/, fault)
    .transform(Number)
    .refine((value) => value >= min && value <= max, fault);
}
