import { readFileSync } from 'node:fs';

/** An environment, and a line about each fault, by the name of the variable that has no value because of it. */
interface ResolvedSettings {
  readonly values: NodeJS.ProcessEnv;
  readonly faults: Map<string, string>;
}

/**
 * Replaces each `NAME_FILE` of the given names by `NAME` with the content of the file, because container tools pass secrets
 * as files. It trims the named values and the contents of files: a copied line may end in blanks or in the CR of Windows.
 * The result has no empty variable.
 */
export function resolveSettingFiles(env: NodeJS.ProcessEnv, names: readonly string[]): ResolvedSettings {
  const trimmed = { ...env };
  for (const name of names.flatMap((setting) => [setting, `${setting}_FILE`])) {
    if (trimmed[name] !== undefined) trimmed[name] = trimmed[name].trim();
  }
  // Container tools write an unset variable as an empty one.
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
