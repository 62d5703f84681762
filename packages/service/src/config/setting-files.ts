import { readFileSync } from 'node:fs';

/** An environment and what is wrong with it, each fault a line by the name of the variable it leaves without a value. */
interface TakenFiles {
  readonly values: NodeJS.ProcessEnv;
  readonly faults: Map<string, string>;
}

/**
 * Each of `names` may be given as `NAME_FILE`, a file whose content, trimmed, is the value: so container tools hand over
 * secrets. In what comes back it is there as `NAME`, trimmed like a file (a copied line has blanks, or the CR of Windows, at
 * its end), and no variable is empty.
 */
export function takeFiles(env: NodeJS.ProcessEnv, names: readonly string[]): TakenFiles {
  const trimmed = { ...env };
  for (const name of names.flatMap((one) => [one, `${one}_FILE`])) {
    if (trimmed[name] !== undefined) trimmed[name] = trimmed[name].trim();
  }
  // An empty variable, as container tools write an unset one, is an absent one.
  const values = Object.fromEntries(Object.entries(trimmed).filter(([, value]) => value !== ''));
  const faults = new Map<string, string>();
  for (const name of names) {
    const file = values[`${name}_FILE`];
    if (file === undefined) continue;
    delete values[`${name}_FILE`];
    if (values[name] !== undefined) {
      faults.set(name, `${name}: is also given as ${name}_FILE`);
      continue;
    }
    const content = contentOf(file);
    if (typeof content === 'string') values[name] = content;
    else faults.set(name, `${name}_FILE: ${content.fault}`);
  }
  return { values, faults };
}

function contentOf(file: string): string | { readonly fault: string } {
  try {
    return readFileSync(file, 'utf8').trim() || { fault: 'is an empty file' };
  } catch {
    return { fault: 'is not a file that can be read' };
  }
}
