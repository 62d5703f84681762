import { definitions } from '@pessoa/bases/definitions';
import { baseOfArgument } from '@pessoa/domain/services';
import { searchPathOf } from '@pessoa/postgres/table-schemas';
import { DatabaseError } from 'pg';
import type { QueryResult } from 'pg';
import { connectPostgres } from '../postgres/connect-postgres.ts';
import { copyLines } from '../postgres/copy-rows.ts';
import { ImportError } from './import-error.ts';
import type { ImportKind } from './kinds/import-kind.ts';
import type { CheckedRecord, RefusedRecord, StagedRecord } from './line-check.ts';
import { createStaging, mergeStaged, peopleOfStaged, removeUnknownPeople, stagedColumns } from './merge-sql.ts';

/** What became of a batch; the lines that are neither refused nor counted were in the base as they are. */
export interface BatchOutcome {
  readonly inseridas: number;
  readonly atualizadas: number;
  /** In the order of the file. */
  readonly refused: readonly RefusedRecord[];
  /** Lines that the kind's notice is about. */
  readonly noticed: number;
  /** CPFs whose data the batch brought; empty where nobody wants to know. */
  readonly people: readonly string[];
}

export interface BatchLoader {
  /** Loads a batch in one transaction: all its good lines or, on an error, none. */
  load(batch: readonly CheckedRecord[]): Promise<BatchOutcome>;
  close(): Promise<void>;
}

const isStaged = (checked: CheckedRecord): checked is StagedRecord => 'copyText' in checked;

/** @param tellsPeople whether outcomes say whom they are about */
export async function openBatchLoader(
  kind: ImportKind,
  connectionString: string,
  tellsPeople: boolean,
): Promise<BatchLoader> {
  const client = await connectPostgres(connectionString);
  const searchPath = await searchPathOf(client, Object.keys(definitions[baseOfArgument(kind.base)].contract)).catch(
    async (error: Error) => {
      await client.end();
      throw new ImportError(`${kind.base}: ${error.message}`);
    },
  );
  const begin = ['BEGIN', `SET LOCAL search_path = ${searchPath}`, createStaging(kind)].join(';\n');
  const columns = stagedColumns(kind);
  // One round trip for all of them: an answer waits here while the next lines are being checked.
  const steps = [
    removeUnknownPeople(kind),
    kind.before ?? 'SELECT',
    kind.notice?.sql ?? 'SELECT 0 AS lines',
    tellsPeople ? peopleOfStaged(kind) : 'SELECT WHERE false',
    mergeStaged(kind),
    'COMMIT',
  ].join(';\n');

  async function transaction(batch: readonly CheckedRecord[]): Promise<BatchOutcome> {
    const staged = batch.filter(isStaged);
    const lines = staged.map(({ copyText, repeated }, ordem) => `${ordem}\t${repeated}\t${copyText}\n`).join('');
    await client.query(begin);
    await copyLines(client, { table: 'importacao', columns }, Buffer.from(lines));
    const [unknown, , notice, people, merged] = (await client.query(steps)) as unknown as [
      QueryResult<{ ordem: number }>,
      QueryResult,
      QueryResult<{ lines: number }>,
      QueryResult<{ cpf: string }>,
      QueryResult<{ inseridas: number; atualizadas: number }>,
    ];
    const refused = batch.filter((checked) => !isStaged(checked)) as RefusedRecord[];
    for (const { ordem } of unknown.rows) {
      refused.push({ record: (staged[ordem] as StagedRecord).record, code: 'PESSOA_DESCONHECIDA', field: 'cpf' });
    }
    refused.sort((a, b) => a.record.line - b.record.line);
    const { inseridas = 0, atualizadas = 0 } = merged.rows[0] ?? {};
    return {
      inseridas,
      atualizadas,
      refused,
      noticed: notice.rows[0]?.lines ?? 0,
      people: people.rows.map(({ cpf }) => cpf),
    };
  }

  return {
    async load(batch) {
      if (batch.length === 0) return { inseridas: 0, atualizadas: 0, refused: [], noticed: 0, people: [] };
      try {
        return await transaction(batch);
      } catch (error) {
        // PostgreSQL's own message and detail repeat the values of the line.
        const cause = error instanceof DatabaseError ? `SQLSTATE ${error.code}` : 'the connection failed';
        const [first, last] = [batch[0]?.record.line, batch.at(-1)?.record.line];
        throw new ImportError(`${kind.base} did not take lines ${first} to ${last} (${cause}); run the import again`);
      }
    },
    close: () => client.end(),
  };
}
