import { readFileSync, statSync } from 'node:fs';

/** The most bytes of a supergraph or of a manifest. */
const BYTES_MAX = 16 * 1024 * 1024;

/** @returns the text of a file @throws Error that says why it cannot be read, or that it has more than 16 MiB */
export function readBoundedFile(file: string | URL): string {
  let text: string | undefined;
  try {
    if (statSync(file).size <= BYTES_MAX) text = readFileSync(file, 'utf8');
  } catch {
    throw new Error('is not a file that can be read');
  }
  if (text === undefined) throw new Error(`has more than ${BYTES_MAX / 1024 / 1024} MiB`);
  return text;
}
