import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { z } from 'zod';

/** Writes a file so that whoever reads it, also after we were killed, finds all of it or what was there before. */
export async function writeWhole(file: string, content: string, options: { mode?: number } = {}): Promise<void> {
  const unfinished = `${file}.${process.pid}`;
  try {
    await writeFile(unfinished, content, options);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined); // of a full disk
    throw error;
  }
}

/**
 * Reads a file of JSON that we wrote.
 *
 * @param cure what whoever finds it spoilt may do, and what that costs
 * @returns undefined when there is none
 * @throws Error with the name of a file that holds anything else, never what is in it
 */
export async function readWhole<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  cure: string,
): Promise<z.infer<Schema> | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read (${error.code})`, { cause: error });
  });
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(valueOf(text));
  if (parsed.success) return parsed.data;
  throw new Error(`${file} is not what was written there: ${cure}`);
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
