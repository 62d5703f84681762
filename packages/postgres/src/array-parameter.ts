/**
 * A value as a parameter of a statement: lists of texts, numbers and booleans as the text of a PostgreSQL array. `pg` would write the
 * same text at several times the cost. Any other value, such as a list with a null, is left to `pg`.
 */
export const toParameter = (value: unknown): unknown => (Array.isArray(value) ? (arrayText(value) ?? value) : value);

function arrayText(items: readonly unknown[]): string | undefined {
  let text = '{';
  for (const item of items) {
    if (text.length > 1) text += ',';
    if (typeof item === 'string') text += `"${needsEscape(item) ? item.replace(/["\\]/g, '\\$&') : item}"`;
    else if (typeof item === 'number' || typeof item === 'boolean') text += item;
    else return undefined;
  }
  return `${text}}`;
}

const needsEscape = (text: string): boolean => text.includes('"') || text.includes('\\');
