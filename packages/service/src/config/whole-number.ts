import { z } from 'zod';

/**
 * A variable that is a whole number in decimal digits. What JavaScript takes for a number besides (blanks for nought,
 * `0x10`, `1e3`, `4000.0`) is more often a mistake than meant.
 */
export function wholeNumber(min: number, max: number, what = 'a whole number') {
  const fault = `is not ${what}, ${min} to ${max}`;
  return z
    .string(fault)
    .regex(/^\d{1,15}$/, fault)
    .transform(Number)
    .refine((value) => value >= min && value <= max, fault);
}
