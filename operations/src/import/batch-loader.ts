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

/** The result of a batch. Lines that are neither refused nor counted equal the rows of the base. */
export interface BatchOutcome {
  readonly inserted: number;
  readonly updated: number;
  /** In the order of the file. */
  readonly refused: readonly RefusedRecord[];
  /** Lines that the kind's notice counts. */
  readonly noticed: number;
  /** CPFs of the staged lines, and of people whose rows they take over; empty unless the loader reports people. */
  readonly people: readonly string[];
}

export interface BatchLoader {
  /**
   * Loads the valid lines of a batch in one transaction.
   * @throws ImportError naming the lines, when the base or the connection fails; none of them is loaded then
   */
  load(batch: readonly CheckedRecord[]): Promise<BatchOutcome>;
  close(): Promise<void>;
}

const isStaged = (checked: CheckedRecord): checked is StagedRecord => 'copyText' in checked;

/**
 * @param reportsPeople whether outcomes list the CPFs
 * @throws ImportError when the base does not have the tables of the contract
 */
export async function openBatchLoader(
  kind: ImportKind,
  connectionString: string,
  reportsPeople: boolean,
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
  // All statements go in one round trip: the answer may wait while the next lines are checked.
  const steps = [
    removeUnknownPeople(kind),
    kind.setupSql ?? 'SELECT',
    kind.notice?.sql ?? 'SELECT 0 AS lines',
    reportsPeople ? peopleOfStaged(kind) : 'SELECT WHERE false',
    mergeStaged(kind),
    'COMMIT',
  ].join(';\n');

  async function transaction(batch: readonly CheckedRecord[]): Promise<BatchOutcome> {
    const staged = batch.filter(isStaged);
    const lines = staged
      .map(({ copyText, isRepeated }, ordinal) => `${ordinal}\t${isRepeated}\t${copyText}\n`)
      .join('');
    await client.query(begin);
    await copyLines(client, { table: 'staged', columns }, Buffer.from(lines));
    const [unknownPeople, , notice, people, merged] = (await client.query(steps)) as unknown as [
      QueryResult<{ ordinal: number }>,
      QueryResult,
      QueryResult<{ lines: number }>,
      QueryResult<{ cpf: string }>,
      QueryResult<{ inserted: number; updated: number }>,
    ];
    const refused = batch.filter((checked) => !isStaged(checked)) as RefusedRecord[];
    for (const { ordinal } of unknownPeople.rows) {
      refused.push({ record: (staged[ordinal] as StagedRecord).record, code: 'PESSOA_DESCONHECIDA', field: 'cpf' });
    }
    refused.sort((a, b) => a.record.line - b.record.line);
    const { inserted = 0, updated = 0 } = merged.rows[0] ?? {};
    return {
      inserted,
      updated,
      refused,
      noticed: notice.rows[0]?.lines ?? 0,
      people: people.rows.map(({ cpf }) => cpf),
    };
  }

  return {
    async load(batch) {
      if (batch.length === 0) return { inserted: 0, updated: 0, refused: [], noticed: 0, people: [] };
      try {
        return await transaction(batch);
      } catch (error) {
        // The error does not repeat PostgreSQL's message and detail: they hold values of the line.
        const cause = error instanceof DatabaseError ? `SQLSTATE ${error.code}` : 'the connection failed';
        const [first, last] = [batch[0]?.record.line, batch.at(-1)?.record.line];
        throw new ImportError(`${kind.base} did not take lines ${first} to ${last} (${cause}); run the import again`);
      }
    },
    close: () => client.end(),
  };
}
