/**
 * An id of 13 characters that does not contain the CPF. Ids of the same kind ascend with the index, so the primary key's
 * B-tree grows at one end while people are loaded.
 */
export const rowId = (kind: string, index: number, ordinal: number): string =>
  `${kind}${index.toString(36).padStart(7, '0')}${ordinal.toString(36).padStart(4, '0')}`;
