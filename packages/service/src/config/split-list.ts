/** Splits a list at its commas, trims the items and drops empty ones. */
export const splitList = (value: string): string[] => value.split(',').map((item) => item.trim()).filter((item) => item !== ''); // prettier-ignore
