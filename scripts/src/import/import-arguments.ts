import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { ImportError } from './import-error.ts';
import { importKinds } from './kinds/kinds.ts';
import type { ImportKind } from './kinds/import-kind.ts';

export interface ImportArguments {
  readonly kind: ImportKind;
  readonly file: string;
  /** A refused line makes the run a failure. */
  readonly strict: boolean;
}

const USAGE = 'usage: npm run import -- base-a|base-b|base-c FILE [--tipo KIND] [--estrito]';

const kindsOf = (base: string): ImportKind[] => importKinds.filter((kind) => kind.base === base);

/** @throws ImportError with the usage when the arguments do not name a base, a file and a kind */
export function readImportArguments(args: readonly string[]): ImportArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { tipo: { type: 'string' }, estrito: { type: 'boolean', default: false } },
  });
  const [base = '', file = '', ...more] = positionals;
  const kinds = kindsOf(base);
  if (kinds.length === 0 || file === '' || more.length > 0) throw new ImportError(USAGE);
  const kind =
    values.tipo === undefined
      ? kinds.find(({ name }) => basename(file).startsWith(name))
      : kinds.find(({ name }) => name === values.tipo);
  if (kind) return { kind, file, strict: values.estrito };
  const names = kinds.map(({ name }) => name).join(', ');
  throw new ImportError(
    `${base} has ${names}: start the file's name with one of them, or say which by --tipo\n${USAGE}`,
  );
}
