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

/** Writes changes to one index. Writing a change again, or an older change after a newer one, has no effect. */
export interface IndexWriter {
  /**
   * Resolves when Elasticsearch has stored all changes. Searches find them after the next refresh. When Elasticsearch refuses a
   * request because of its size or of load, the changes are sent later in smaller requests, down to one posting.
   *
   * @throws errors of the client, or an Error, after seven attempts, about 13 seconds of waiting
   */
  write(changes: readonly Change[]): Promise<void>;
}

/** A posting that the index cannot hold, and the reason, without any of its values. */
export interface UnreadablePosting {
  readonly id: string;
  readonly cpfHash: string;
  readonly reason: string;
}

export interface WriterOptions {
  /** Called, and awaited, before the index gets a mark in place of these postings. */
  readonly onUnreadable?: (postings: readonly UnreadablePosting[]) => Promise<void>;
}

const ATTEMPTS = 7;
const FIRST_WAIT_MILLIS = 200;
const WAIT_MILLIS_MAX = 6_400;
/** Status codes for overload, and for a shard or server that is temporarily unavailable. */
const TRANSIENT_STATUSES = new Set([429, 502, 503, 504]);
/** Error types for a document that Elasticsearch will never accept. */
const PERMANENT_REFUSALS = new Set([
  'document_parsing_exception',
  'mapper_parsing_exception',
  'illegal_argument_exception',
  'max_bytes_length_exceeded_exception',
]);
/** Several times smaller than a tenth of the smallest heap of Elasticsearch, its limit for a request. */
const BULK_BYTES_MAX = 8 * 1024 * 1024;
const DOCUMENT_BYTES_MAX = BULK_BYTES_MAX;

export function indexWriter(
  client: Client,
  index: string,
  cpfHash: CpfHash,
  { onUnreadable = async () => {} }: WriterOptions = {},
): IndexWriter {
  let rowsMax = Number.POSITIVE_INFINITY; // rows of a request: halved after a refusal, doubled after a success

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
      const unacceptable = isStatus(outcome.error, 413) && batch.length === 1 ? batch : outcome.unacceptable;
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

/** Caches hashes for one page, which often has many postings of one person. It lives for one page: no list of CPFs stays in memory. */
function memoize(cpfHash: CpfHash): CpfHash {
  const hashes = new Map<Cpf, string>();
  return (cpf) => {
    const hash = hashes.get(cpf) ?? cpfHash(cpf);
    hashes.set(cpf, hash);
    return hash;
  };
}

/** One change as lines of JSON, serialized once for every attempt. */
interface Entry {
  readonly id: string;
  readonly cpfHash: string;
  readonly lines: readonly string[];
  readonly bytes: number;
  /** Makes the mark that is sent if Elasticsearch will never accept the entry; absent for a deletion and for a mark. */
  readonly marker?: () => Entry;
}

/** @throws RangeError for a version above 2^53, which JSON cannot carry exactly */
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
  const { document, reason: unreadableReason } = documentToStore(change.row, cpfHash);
  const place = { index: { _index: index, _id: documentIdOf(id), routing: document.cpfHash, ...version } };
  const marker = (): Entry => entry(id, document.cpfHash, [place, unreadableDocument(id, document.cpfHash)]);
  const fullEntry = entry(id, document.cpfHash, [place, document]);
  const reason = unreadableReason ?? (fullEntry.bytes > DOCUMENT_BYTES_MAX ? 'is larger than 8 MiB' : undefined);
  if (reason === undefined) return { ...fullEntry, marker };
  unreadable.push({ id, cpfHash: document.cpfHash, reason });
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

/** The entries of the next request, at least one. */
function nextBatch(entries: Entry[], rowsMax: number): Entry[] {
  let bytes = 0;
  let rows = 0;
  for (const { bytes: entryBytes } of entries) {
    bytes += entryBytes;
    if (rows > 0 && (rows >= rowsMax || bytes > BULK_BYTES_MAX)) break;
    rows++;
  }
  return rows === entries.length ? entries : entries.slice(0, rows);
}

interface Refusal {
  readonly error: unknown;
  readonly isTransient: boolean;
  /** Elasticsearch is overloaded, or the request needs too much of its memory. */
  readonly isOverload: boolean;
  /** Entries that Elasticsearch will never accept. */
  readonly unacceptable: readonly Entry[];
}

async function tryBulk(client: Client, entries: readonly Entry[]): Promise<Refusal | undefined> {
  let items: (estypes.BulkResponseItem | undefined)[];
  try {
    const answer = await client.bulk<MovimentacaoDocument>({
      // The client sends strings unchanged.
      operations: entries.flatMap(({ lines }) => lines) as unknown as MovimentacaoDocument[],
      filter_path: ['errors', 'items.*.status', 'items.*.error.type'],
    });
    if (!answer.errors) return undefined;
    items = answer.items.map((item) => item.index ?? item.delete);
  } catch (error) {
    return { error, isTransient: isTransientError(error), isOverload: isStatus(error, 429), unacceptable: [] };
  }
  // A version conflict means that the index has a newer version already.
  const refused = entries.flatMap((entry, position) => {
    const item = items[position];
    return item?.error && item.error.type !== 'version_conflict_engine_exception' ? [{ entry, item }] : [];
  });
  const [first] = refused;
  if (!first) return undefined;
  return {
    error: new Error(`Elasticsearch refused ${refused.length} of ${items.length}: ${first.item.error?.type}`),
    isTransient: refused.every(({ item }) => TRANSIENT_STATUSES.has(item.status ?? 0)),
    isOverload: refused.some(({ item }) => item.status === 429),
    unacceptable: refused.flatMap(({ entry, item }) =>
      item.status === 400 && PERMANENT_REFUSALS.has(item.error?.type ?? '') ? [entry] : [],
    ),
  };
}

const isTransientError = (error: unknown): boolean =>
  error instanceof errors.ResponseError
    ? TRANSIENT_STATUSES.has(error.statusCode ?? 0)
    : error instanceof errors.ConnectionError || error instanceof errors.TimeoutError;
