import { readFile, rename, writeFile } from 'node:fs/promises';
import { openCheckpoint, type TrustedCheckpoint, type TrustedKeys } from './trusted-checkpoint.ts';
import { VerificationError } from './verification-error.ts';

/** A checkpoint that was verified when it was kept: now the log's signature is enough. */
export const readKept = async (file: string, keys: TrustedKeys, what: string): Promise<TrustedCheckpoint> =>
  openCheckpoint(await readInput(file), { ...keys, quorum: 0 }, what);

/** @throws VerificationError when the file cannot be read */
export async function readInput(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new VerificationError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

/** The file has its old or its new content, even when the process is killed. */
export async function writeKept(file: string, note: string): Promise<void> {
  const unfinished = `${file}.${process.pid}`;
  try {
    await writeFile(unfinished, note, { flush: true });
    await rename(unfinished, file);
  } catch (error) {
    throw new VerificationError(`${file} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  }
}
