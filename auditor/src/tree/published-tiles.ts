import { PublicError } from '@pessoa/domain/errors';
import { askOncePerSecond } from '@pessoa/service/http/ask-once-per-second';
import { sourceError } from '@pessoa/service/resilience/source-error';
import { encodeEntryBundle } from '@pessoa/transparency-log/tiles/entry-bundle';
import { type EntriesId, parseTilePath } from '@pessoa/transparency-log/tiles/tile-paths';
import { HASH_BYTES } from '@pessoa/transparency-log/tree/hashes';
import { TILE_WIDTH, type TileId } from '@pessoa/transparency-log/tree/tiles';
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { latestCheckpoint } from '../checkpoints/published-checkpoints.ts';
import { readTiles } from './stored-tree.ts';

/** What a path with a width holds never changes: a wider tile has another path. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * Serves the log for everybody, in the layout of C2SP tlog-tiles: `checkpoint`, `tile/<L>/<N>` and `tile/entries/<N>`. Nothing in it is
 * about a person: entries are hashes over a nonce. `chave` has the verifier key. The checkpoint is the newest of the last second.
 * While the database does not answer: FONTE_INDISPONIVEL or FONTE_LENTA, of `auditoria`.
 *
 * @param prefix of the paths, such as `/auditoria`
 */
export function mountPublishedTiles(app: FastifyInstance, prefix: string, db: Pool, verifierKey: string): void {
  const newest = askOncePerSecond(() => latestCheckpoint(db).catch(rethrow));
  app.get(`${prefix}/chave`, { config: { door: 'rest' } }, async (_request, reply) =>
    reply.header('cache-control', 'no-cache').type('text/plain; charset=utf-8').send(`${verifierKey}\n`),
  );
  app.get(`${prefix}/checkpoint`, { config: { door: 'rest' } }, async (_request, reply) => {
    const checkpoint = await newest();
    if (!checkpoint) throw new PublicError('RECURSO_DESCONHECIDO', { detail: 'No checkpoint is published yet.' });
    return reply.header('cache-control', 'no-cache').type('text/plain; charset=utf-8').send(checkpoint.note);
  });
  app.get<{ Params: { '*': string } }>(`${prefix}/tile/*`, { config: { door: 'rest' } }, async (request, reply) => {
    const id = parseTilePath(`tile/${request.params['*']}`);
    const size = id === undefined ? 0 : ((await newest())?.size ?? 0);
    if (id === undefined || !isPublished(id, size)) throw new PublicError('RECURSO_DESCONHECIDO', { detail: 'The log has no such tile.' }); // prettier-ignore
    const bytes = await (id.level === 'entries' ? readEntries(db, id) : readHashes(db, id)).catch(rethrow);
    return reply.header('cache-control', FOR_EVER).type('application/octet-stream').send(bytes);
  });
}

function rethrow(error: unknown): never {
  throw sourceError(error, 'auditoria');
}

/** Whether every hash of the tile is under a tree of this size. Levels above 6 are higher than a tree of 2^53 records. */
function isPublished({ level, index, width }: TileId | EntriesId, size: number): boolean {
  const span = level === 'entries' ? 1 : TILE_WIDTH ** level;
  return (index * TILE_WIDTH + width) * span <= size;
}

async function readHashes(db: Pool, id: TileId): Promise<Buffer> {
  const [tile] = await readTiles(db, [id]);
  return Buffer.from(tile!.hashes.subarray(0, id.width * HASH_BYTES));
}

async function readEntries(db: Pool, { index, width }: EntriesId): Promise<Buffer> {
  const first = index * TILE_WIDTH;
  const { rows } = await db.query<{ entry: Buffer }>(
    'SELECT entry FROM transparency.leaf WHERE place >= $1 AND place < $2 ORDER BY place',
    [first, first + width],
  );
  return Buffer.from(encodeEntryBundle(rows.map(({ entry }) => entry)));
}
