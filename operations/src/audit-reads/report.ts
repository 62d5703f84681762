import { baseDatabase, type BaseName } from '@pessoa/domain/services';
import type { Row } from '../audit/formats.ts';
import type { BaseRead } from './base-read.ts';

export const readColumns: readonly string[] = ['dataHora', 'base', 'papel', 'achado', 'comando', 'tabela', 'sessao', 'pessoa']; // prettier-ignore

/** The values of `readColumns`. */
export const readRow = (base: BaseName, { dataHora, papel, achado, comando, tabela, sessao, pessoa }: BaseRead): Row => [
  dataHora.toISOString(), baseDatabase(base), papel, achado, comando, tabela, sessao, pessoa,
]; // prettier-ignore
