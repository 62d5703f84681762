import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, errors, type estypes } from '@elastic/elasticsearch';
import type { Cpf } from '@pessoa/domain/cpf';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { isStatus } from '@pessoa/search-index/elasticsearch-error';
import {
  documentIdOf,
  documentToStore,
  hashOf,
  type MovimentacaoDocument,
  unreadableDocument,
} from '@pessoa/search-index/movimentacao-document';
import type { Change } from './change-source.ts';

/** Writes changes to one index. Writing one again, or an older one after a newer, changes nothing. */
export interface IndexWriter {
  /**
   * Resolves when Elasticsearch has all of them for good; they are found after its next refresh. What it refuses for its
   * size or load is sent in smaller parts and later, down to one posting at a time.
   *
   * @throws errors of the client, or an Error, when that could not be had within about a minute
   */
  write(changes: readonly Change[]): Promise<void>;
}

/** A posting that the index cannot hold as it is, and why, without any of its values. */
export interface UnreadablePosting {
  readonly id: string;
  readonly cpfHash: string;
  readonly reason: string;
}

export interface WriterOptions {
  /** Told before the index marks their places, and waited for. */
  readonly onUnreadable?: (postings: readonly UnreadablePosting[]) => Promise<void>;
}

const ATTEMPTS = 7;
const FIRST_WAIT_MILLIS = 200;
const WAIT_MILLIS_MAX = 6_400;
/** Too many requests, and no shard or server just now. */
const TRANSIENT_STATUSES = new Set([429, 502, 503, 504]);
/** What Elasticsearch says of a document that it will never take. */
const PERMANENT_REFUSALS = new Set([
  'document_parsing_exception',
  'mapper_parsing_exception',
  'illegal_argument_exception',
  'max_bytes_length_exceeded_exception',
]);
/** A tenth of the smallest heap that Elasticsearch is run with is above it several times over. */
const BULK_BYTES_MAX = 8 * 1024 * 1024;
const DOCUMENT_BYTES_MAX = BULK_BYTES_MAX;

export function indexWriter(
  client: Client,
  index: string,
  cpfHash: CpfHash,
  { onUnreadable = async () => {} }: WriterOptions = {},
): IndexWriter {
  let rowsMax = Number.POSITIVE_INFINITY; // of a request; less after one was too much, more again after each that was not

  async function send(entries: Entry[]): Promise<void> {
    let remaining = entries;
    for (let failures = 0; remaining.length > 0;) {
      const batch = nextBatch(remaining, rowsMax);
      const outcome = await tryBulk(client, batch);
      if (!outcome) {
        if (batch.length >= rowsMax) rowsMax *= 2;
        remaining = remaining.slice(batch.length);
        failures = 0;
        continue;
      }
      const unacceptable = isStatus(outcome.error, 413) && batch.length === 1 ? batch : outcome.never;
      if (unacceptable.length > 0 && unacceptable.every(({ marker }) => marker)) {
        remaining = await withMarkers(remaining, unacceptable);
        continue;
      }
      const isTooMuch = isStatus(outcome.error, 413) || outcome.isOverload;
      if (!isTooMuch && !outcome.isTransient) throw outcome.error;
      failures++;
      if (isTooMuch && batch.length > 1) rowsMax = Math.ceil(batch.length / 2);
      else if (failures >= ATTEMPTS) throw outcome.error;
      if (outcome.isTransient) await sleep(Math.min(FIRST_WAIT_MILLIS * 2 ** (failures - 1), WAIT_MILLIS_MAX));
    }
  }

  async function withMarkers(entries: readonly Entry[], unreadable: readonly Entry[]): Promise<Entry[]> {
    await onUnreadable(
      unreadable.map(({ id, cpfHash: hash }) => ({ id, cpfHash: hash, reason: 'is refused by the index' })),
    );
    const unreadableEntries = new Set(unreadable);
    return entries.map((entry) => (unreadableEntries.has(entry) ? entry.marker!() : entry));
  }

  return {
    async write(changes) {
      const unreadable: UnreadablePosting[] = [];
      const hash = memoize(cpfHash);
      const entries = changes.map((change) => entryOf(change, index, hash, unreadable));
      if (unreadable.length > 0) await onUnreadable(unreadable);
      await send(entries);
    },
  };
}

/** A page often holds many postings of one person. Not kept beyond it: no list of CPFs stays in memory. */
function memoize(cpfHash: CpfHash): CpfHash {
  const hashes = new Map<Cpf, string>();
  return (cpf) => {
    const hash = hashes.get(cpf) ?? cpfHash(cpf);
    hashes.set(cpf, hash);
    return hash;
  };
}

/** One change as it is sent: lines of JSON, written once however often it is sent. */
interface Entry {
  readonly id: string;
  readonly cpfHash: string;
  readonly lines: readonly string[];
  readonly bytes: number;
  /** What is sent in its place when Elasticsearch will never take it; absent where there is nothing smaller. */
  readonly marker?: () => Entry;
}

/** Numbers beyond this lose their last digit on the way through JSON; the sequence and the LSN are far from it. */
function checkVersion(version: number): number {
  if (!Number.isSafeInteger(version)) throw new RangeError('the version of a posting is beyond 2^53');
  return version;
}

function entryOf(change: Change, index: string, cpfHash: CpfHash, unreadable: UnreadablePosting[]): Entry {
  const version = { version: checkVersion(change.version), version_type: 'external_gte' } as const;
  if ('removed' in change) {
    const { id, cpf } = change.removed;
    const routing = hashOf(cpf, cpfHash);
    return entry(id, routing, [{ delete: { _index: index, _id: documentIdOf(id), routing, ...version } }]);
  }
  const { id } = change.row;
  const { document, motivo } = documentToStore(change.row, cpfHash);
  const place = { index: { _index: index, _id: documentIdOf(id), routing: document.cpfHash, ...version } };
  const marker = (): Entry => entry(id, document.cpfHash, [place, unreadableDocument(id, document.cpfHash)]);
  const fullEntry = entry(id, document.cpfHash, [place, document]);
  const reason = motivo ?? (fullEntry.bytes > DOCUMENT_BYTES_MAX ? 'is larger than 8 MiB' : undefined);
  if (reason === undefined) return { ...fullEntry, marker };
  unreadable.push({ id, cpfHash: document.cpfHash, reason: reason });
  return marker();
}

function entry(id: string, cpfHash: string, lines: (estypes.BulkOperationContainer | MovimentacaoDocument)[]): Entry {
  const lineTexts = lines.map((line) => JSON.stringify(line));
  return {
    id,
    cpfHash,
    lines: lineTexts,
    bytes: lineTexts.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0),
  };
}

/** As many as may go in one request, one at least. */
function nextBatch(entries: Entry[], rowsMax: number): Entry[] {
  let bytes = 0;
  let rows = 0;
  for (const one of entries) {
    bytes += one.bytes;
    if (rows > 0 && (rows >= rowsMax || bytes > BULK_BYTES_MAX)) break;
    rows++;
  }
  return rows === entries.length ? entries : entries.slice(0, rows);
}

interface Refusal {
  readonly error: unknown;
  readonly isTransient: boolean;
  /** Elasticsearch has too much to do, or what was sent is too much for its memory. */
  readonly isOverload: boolean;
  /** Those that it will not take at any time. */
  readonly never: readonly Entry[];
}

async function tryBulk(client: Client, entries: readonly Entry[]): Promise<Refusal | undefined> {
  let items: (estypes.BulkResponseItem | undefined)[];
  try {
    const answer = await client.bulk<MovimentacaoDocument>({
      // Lines that are text already go as they are.
      operations: entries.flatMap(({ lines }) => lines) as unknown as MovimentacaoDocument[],
      filter_path: ['errors', 'items.*.status', 'items.*.error.type'],
    });
    if (!answer.errors) return undefined;
    items = answer.items.map((item) => item.index ?? item.delete);
  } catch (error) {
    return { error, isTransient: isTransientError(error), isOverload: isStatus(error, 429), never: [] };
  }
  // A newer version is there already: what we wrote is history.
  const refused = entries.flatMap((one, position) => {
    const item = items[position];
    return item?.error && item.error.type !== 'version_conflict_engine_exception' ? [{ one, item }] : [];
  });
  const [first] = refused;
  if (!first) return undefined;
  return {
    error: new Error(`Elasticsearch refused ${refused.length} of ${items.length}: ${first.item.error?.type}`),
    isTransient: refused.every(({ item }) => TRANSIENT_STATUSES.has(item.status ?? 0)),
    isOverload: refused.some(({ item }) => item.status === 429),
    never: refused.flatMap(({ one, item }) =>
      item.status === 400 && PERMANENT_REFUSALS.has(item.error?.type ?? '') ? [one] : [],
    ),
  };
}

const isTransientError = (error: unknown): boolean =>
  error instanceof errors.ResponseError
    ? TRANSIENT_STATUSES.has(error.statusCode ?? 0)
    : error instanceof errors.ConnectionError || error instanceof errors.TimeoutError;
