import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { formats } from './detect-sheet.ts';
import { ImportError } from './import-error.ts';
import type { ImportOptions } from './import-file.ts';
import type { ImportKind } from './kinds/import-kind.ts';
import { importKinds } from './kinds/kinds.ts';
import { isEncoding } from './text-encoding.ts';

export interface ImportArguments {
  readonly kind: ImportKind;
  readonly file: string;
  /** The run fails if a line is refused. */
  readonly isStrict: boolean;
  readonly formatOptions: NonNullable<ImportOptions['formatOptions']>;
}

const USAGE =
  'usage: npm run import -- base-a|base-b|base-c FILE [--tipo KIND] [--estrito] [--format estrito|br|iso] [--encoding NAME] [--fuso America/Sao_Paulo|Z|-03:00]';

const FUSO = /^(?:America\/Sao_Paulo|Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

export const importOptions = {
  tipo: {
    type: 'string',
    value: 'KIND',
    about: "the kind of its lines; default: the kind that the file's name begins with",
  },
  estrito: { type: 'boolean', default: false, about: 'exit code 1, not 3, when a line is refused' },
  format: { type: 'string', value: 'FORMAT', about: `how the file writes numbers and days: ${formats.join(', ')}` },
  encoding: { type: 'string', value: 'NAME', about: 'the encoding of the file; default: detected' },
  fuso: {
    type: 'string',
    value: 'FUSO',
    about: 'the zone of instants without an offset: America/Sao_Paulo, Z or an offset such as -03:00',
  },
} as const;

const kindsOf = (base: string): ImportKind[] => importKinds.filter((kind) => kind.base === base);

/** @throws ImportError with the usage when the arguments do not name a base, a file and a kind */
export function readImportArguments(args: readonly string[]): ImportArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: importOptions,
  });
  const [base = '', file = '', ...surplus] = positionals;
  const kinds = kindsOf(base);
  if (kinds.length === 0 || file === '' || surplus.length > 0) throw new ImportError(USAGE);
  const kind =
    values.tipo === undefined
      ? kinds.find(({ name }) => basename(file).startsWith(name))
      : kinds.find(({ name }) => name === values.tipo);
  if (kind) return { kind, file, isStrict: values.estrito, formatOptions: readFormatOptions(values) };
  const names = kinds.map(({ name }) => name).join(', ');
  throw new ImportError(
    `${base} has ${names}: start the file's name with one of them, or say which by --tipo\n${USAGE}`,
  );
}

function readFormatOptions(values: {
  format?: string;
  encoding?: string;
  fuso?: string;
}): ImportArguments['formatOptions'] {
  const { encoding, fuso } = values;
  const format = formats.find((name) => name === values.format);
  if (values.format !== undefined && !format)
    throw new ImportError(`--format is one of ${formats.join(', ')}\n${USAGE}`);
  if (encoding !== undefined && !isEncoding(encoding))
    throw new ImportError(`--encoding is not the name of an encoding\n${USAGE}`);
  if (fuso !== undefined && !FUSO.test(fuso))
    throw new ImportError(`--fuso is America/Sao_Paulo, Z or an offset\n${USAGE}`);
  return { format, encoding, zone: fuso };
}
