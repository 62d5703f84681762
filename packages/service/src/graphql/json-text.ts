/**
 * A value of an answer that is left as the JSON text that was received. Its text is what `JSON.stringify` writes for the value. `JSON.stringify`
 * of what has it writes the value.
 */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** @returns a new value for each call */
  parse(): unknown {
    return JSON.parse(this.text);
  }

  toJSON(): unknown {
    return this.parse();
  }
}

/** The same value without `JsonText`. Objects and lists that have none are copied too. */
export function parsedValue(value: unknown): unknown {
  if (value instanceof JsonText) return value.parse();
  if (Array.isArray(value)) return value.map(parsedValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, parsedValue(member)]));
}

/** Whether the data of an answer has `JsonText` as a value of its first person. Where it has, `jsonOf` is faster than `JSON.stringify`. */
export function hasText(data: unknown): boolean {
  for (const root of Object.values(data ?? {})) {
    const person: unknown = Array.isArray(root) ? root[0] : root;
    if (typeof person === 'object' && person !== null && Object.values(person).some(isText)) return true;
  }
  return false;
}

const isText = (value: unknown): boolean => value instanceof JsonText;

/** What `JSON.stringify` writes for an object, without the parsing of its `JsonText`. No member may be undefined. */
export function jsonOf(value: unknown): string {
  if (value instanceof JsonText) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  let json = '';
  for (const key in value)
    json += `${json === '' ? '{' : ','}${JSON.stringify(key)}:${jsonOf((value as Record<string, unknown>)[key])}`;
  return json === '' ? '{}' : `${json}}`;
}
