/**
 * The words of a text as they are stored and searched: no accents, lower case, split at every run of anything but
 * a-z and 0-9. `São João 1.234,56` gives `['sao', 'joao', '1', '234', '56']`. Search engines split differently from one
 * another, so the split is ours and both sides use it.
 */
export function wordsOf(text: string): string[] {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
