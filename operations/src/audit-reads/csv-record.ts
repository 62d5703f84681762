/**
 * The fields of one record of CSV with commas, as PostgreSQL and pgaudit write it: a field that has a quote, a comma or a line end is
 * quoted, and a quote within is doubled.
 *
 * @returns undefined when a quote is not closed, or stands where none may
 */
export function readCsvRecord(text: string): string[] | undefined {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let end: number;
    if (text[at] === '"') {
      end = closingQuote(text, at + 1) + 1;
      if (end === 0) return undefined;
      fields.push(text.slice(at + 1, end - 1).replaceAll('""', '"'));
    } else {
      end = text.indexOf(',', at);
      if (end < 0) end = text.length;
      const field = text.slice(at, end);
      if (field.includes('"')) return undefined;
      fields.push(field);
    }
    if (end === text.length) return fields;
    if (text[end] !== ',') return undefined;
    at = end + 1;
  }
}

/** @returns the place of the quote that closes the field; -1 without one */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}
