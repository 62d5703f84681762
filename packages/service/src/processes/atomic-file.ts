import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';

export interface AtomicWrite {
  /** Permissions of the file. */
  readonly mode?: number;
  /** Whether the new content is on the disk when the promise resolves, as after a power cut. Default: false. */
  readonly isDurable?: boolean;
}

/** Writes a file so that it has either its old or its new content, even when this process is killed. */
export async function writeAtomically(
  file: string,
  content: string,
  { isDurable = false, ...options }: AtomicWrite = {},
): Promise<void> {
  const unfinished = `${file}.${process.pid}`;
  try {
    await writeFile(unfinished, content, { ...options, flush: isDurable });
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined); // the disk may be full
    throw error;
  }
  if (isDurable) await flushFolder(dirname(file));
}

/** The new name of a file is content of its folder, which the disk may have later than the file. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Reads a JSON file that we wrote.
 *
 * @param remedy for the message: what to do about a damaged file, and what that costs
 * @returns undefined when the file does not exist
 * @throws Error when the file cannot be read or does not match the schema; it names the file and never quotes it
 */
export async function readJsonFile<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  remedy: string,
): Promise<z.infer<Schema> | undefined> {
  const json = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read (${error.code})`, { cause: error });
  });
  if (json === undefined) return undefined;
  const parsed = schema.safeParse(parseJson(json));
  if (parsed.success) return parsed.data;
  throw new Error(`${file} was damaged or changed: ${remedy}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
