import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { personalDataIn } from './personal-data.ts';

const FAULTS_MAX = 20;

/** @throws Error with at most 20 lines that hold personal data, a token or a password */
export async function scanLogs(folder: string): Promise<void> {
  const faults: string[] = [];
  for (const file of readdirSync(folder)) {
    for await (const line of createInterface({ input: createReadStream(join(folder, file)) })) {
      const found = faults.length < FAULTS_MAX ? personalDataOfLine(line) : [];
      if (found.length > 0) faults.push(`${file}: ${found.join(', ')}: ${line.slice(0, 1_000)}`);
    }
  }
  if (faults.length > 0) throw new Error(`logs hold what no log may hold:\n${faults.join('\n')}`);
}

/** Of a line of JSON every key and text; a number only if it is whole, because others are measurements. */
function personalDataOfLine(line: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = line;
  }
  return [...new Set(textsOf(value).flatMap((text) => [...personalDataIn(text)]))];
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Number.isInteger(value)) return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsOf(inner)]);
}
