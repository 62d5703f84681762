import { rename, writeFile } from 'node:fs/promises';

/** Writes a file so that whoever reads it, also after we were killed, finds all of it or what was there before. */
export async function writeWhole(file: string, content: string, options: { mode?: number } = {}): Promise<void> {
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, content, options);
  await rename(unfinished, file);
}
