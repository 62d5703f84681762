import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, errors, type estypes } from '@elastic/elasticsearch';
import type { Cpf } from '@pessoa/domain/cpf';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { isStatus } from '../indice/elasticsearch-error.ts';
import { documentIdOf, documentOf, type MovimentacaoDocument } from '../indice/movimentacao-document.ts';
import type { Change } from './change-source.ts';

/** Writes changes to one index. Writing one again, or an older one after a newer, changes nothing. */
export interface IndexWriter {
  /**
   * Resolves when Elasticsearch has all of them for good; they are found after its next refresh.
   * @throws errors of the client, or an Error, when that could not be had within about 20 s
   */
  write(changes: readonly Change[]): Promise<void>;
}

const ATTEMPTS = 7;
const FIRST_WAIT_MILLIS = 200;
/** Too many requests, and no shard or server just now. */
const PASSING = new Set([429, 502, 503, 504]);

export function indexWriter(client: Client, indice: string, cpfHash: CpfHash): IndexWriter {
  return {
    async write(changes) {
      if (changes.length === 0) return;
      const hash = onceEach(cpfHash);
      await writeAll(client, changes.map((change) => operationsOf(change, indice, hash))); // prettier-ignore
    },
  };
}

/** A page often holds many postings of one person. Not kept beyond it: no list of CPFs stays in memory. */
function onceEach(cpfHash: CpfHash): CpfHash {
  const hashes = new Map<Cpf, string>();
  return (cpf) => {
    const known = hashes.get(cpf) ?? cpfHash(cpf);
    hashes.set(cpf, known);
    return known;
  };
}

async function writeAll(client: Client, changes: readonly Operation[][]): Promise<void> {
  const operations = changes.flat();
  for (let attempt = 1; ; attempt++) {
    const fault = await tryBulk(client, operations);
    if (!fault) return;
    if (isStatus(fault.error, 413) && changes.length > 1) {
      const half = Math.ceil(changes.length / 2);
      await writeAll(client, changes.slice(0, half));
      return writeAll(client, changes.slice(half));
    }
    if (!fault.isPassing || attempt === ATTEMPTS) throw fault.error;
    await sleep(FIRST_WAIT_MILLIS * 2 ** (attempt - 1));
  }
}

type Operation = estypes.BulkOperationContainer | MovimentacaoDocument;

/** Numbers beyond this lose their last digit on the way through JSON; the sequence and the LSN are far from it. */
function checked(versao: number): number {
  if (!Number.isSafeInteger(versao)) throw new RangeError('the version of a posting is beyond 2^53');
  return versao;
}

function operationsOf(change: Change, indice: string, cpfHash: CpfHash): Operation[] {
  const version = { version: checked(change.versao), version_type: 'external_gte' } as const;
  if ('removida' in change) {
    const { id, cpf } = change.removida;
    const routing = cpfHash((cpf ?? '').trimEnd() as Cpf);
    return [{ delete: { _index: indice, _id: documentIdOf(id), routing, ...version } }];
  }
  const document = documentOf(change.linha, cpfHash);
  const { id } = change.linha;
  return [{ index: { _index: indice, _id: documentIdOf(id), routing: document.cpfHash, ...version } }, document];
}

interface Fault {
  readonly error: unknown;
  readonly isPassing: boolean;
}

async function tryBulk(client: Client, operations: Operation[]): Promise<Fault | undefined> {
  let items: (estypes.BulkResponseItem | undefined)[];
  try {
    const answer = await client.bulk<MovimentacaoDocument>({
      operations,
      filter_path: ['errors', 'items.*.status', 'items.*.error.type'],
    });
    if (!answer.errors) return undefined;
    items = answer.items.map((item) => item.index ?? item.delete);
  } catch (error) {
    return { error, isPassing: isPassingError(error) };
  }
  // A newer version is there already: what we wrote is history.
  const refused = items.filter((item) => item?.error && item.error.type !== 'version_conflict_engine_exception');
  const [first] = refused;
  if (!first) return undefined;
  return {
    error: new Error(`Elasticsearch refused ${refused.length} of ${items.length}: ${first.error?.type}`),
    isPassing: refused.every((item) => PASSING.has(item?.status ?? 0)),
  };
}

const isPassingError = (error: unknown): boolean =>
  error instanceof errors.ResponseError
    ? PASSING.has(error.statusCode ?? 0)
    : error instanceof errors.ConnectionError || error instanceof errors.TimeoutError;
