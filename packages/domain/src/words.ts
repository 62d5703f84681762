/**
 * The words of a text, for storing and for searching: without accents, in lower case, split at every character other than
 * a-z and 0-9. `São João 1.234,56` gives `['sao', 'joao', '1', '234', '56']`. PostgreSQL and Elasticsearch would split
 * texts differently, so both get words that we split.
 */
export function wordsOf(text: string): string[] {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
