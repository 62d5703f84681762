/**
 * A text id of 13 characters that does not contain the CPF. The index comes first, so that ids are loaded in order and
 * the primary key's B-tree grows at one end.
 */
export const rowId = (kind: string, index: number, ordinal: number): string =>
  `${kind}${index.toString(36).padStart(7, '0')}${ordinal.toString(36).padStart(4, '0')}`;
