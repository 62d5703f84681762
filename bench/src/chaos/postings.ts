import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { addMovimentacoes, addTitular } from '@pessoa/testkit/base-c-rows';
import pg from 'pg';
import { root } from '../system.ts';

const EVERY_MILLIS = 500;
/** The indexer waits 60 s for a statement on a connection that was lost silently. Then it writes the last postings. */
const SETTLE_MILLIS = 65_000;

/** Adds postings to Base C all the time, also while others cannot reach it. */
export interface Postings {
  stop(): Promise<void>;
}

/**
 * Adds postings of a person of whom the load does not ask, so that the indexer has work under every fault.
 *
 * @param ownerUrl Base C itself, not through a relay
 */
export async function keepPosting(ownerUrl: string): Promise<Postings> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 1 });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const cpf = await addTitular(pool);
  let isOn = true;
  const posting = (async () => {
    while (isOn) {
      await addMovimentacoes(pool, cpf, { descricao: 'durante a falha' }).catch(() => {}); // Base C is down
      await sleep(EVERY_MILLIS);
    }
    await pool.end();
  })();
  return {
    async stop() {
      isOn = false;
      await posting;
    },
  };
}

/** Compares the index with Base C, as `npm run index:check` does. @returns what it printed, and whether they are the same */
export async function checkIndex(
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<{ report: string; isSame: boolean }> {
  await sleep(SETTLE_MILLIS, undefined, { signal });
  return promisify(execFile)(process.execPath, [join('operations', 'src', 'index', 'check.ts')], { cwd: root, env }).then(
    ({ stdout }) => ({ report: stdout.trim(), isSame: true }),
    ({ stdout, stderr }: { stdout: string; stderr: string }) => ({ report: `${stdout}${stderr}`.trim(), isSame: false }),
  ); // prettier-ignore
}
