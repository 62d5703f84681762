import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { formatCheckpoint } from '@pessoa/transparency-log/checkpoints/checkpoint';
import { cosigner } from '@pessoa/transparency-log/checkpoints/cosignature';
import {
  ed25519Signer,
  formatVerifierKey,
  type NoteSigner,
  signatureLines,
  signNote,
} from '@pessoa/transparency-log/notes/signed-note';
import { canonicalRecord, entryOf, type FlatRecord } from '@pessoa/transparency-log/records/canonical-record';
import { encodeEntryBundle } from '@pessoa/transparency-log/tiles/entry-bundle';
import { tilePath } from '@pessoa/transparency-log/tiles/tile-paths';
import { growTree } from '@pessoa/transparency-log/tree/growing-tree';
import { hashLeaf } from '@pessoa/transparency-log/tree/hashes';
import { openTileIds, type Tile } from '@pessoa/transparency-log/tree/tiles';
import { inclusionProof } from '@pessoa/transparency-log/tree/tree-proofs';

export const ORIGIN = 'log.example/auditoria';

/** What the verifier prints of a record. */
export const READ = { dataHora: '2026-11-30T12:00:00.000Z', finalidade: 'LOCACAO', campos: ['score.valor', 'nome'] };

export interface LoggedRecord {
  readonly record: FlatRecord;
  readonly nonce: Buffer;
}

export const someWitness = (name: string): NoteSigner =>
  cosigner(name, generateKeyPairSync('ed25519').privateKey, { now: () => new Date('2026-11-30T12:00:00Z') });

/** A log whose whole state is the files that it publishes, as an operator who cheats could change them. */
export class StaticLog {
  readonly signer: NoteSigner;
  readonly key: string;
  readonly files = new Map<string, Uint8Array>();
  readonly records: LoggedRecord[] = [];
  readonly #tiles = new Map<string, Tile>();
  #entries: Uint8Array[] = [];

  constructor(signer: NoteSigner = ed25519Signer(ORIGIN, generateKeyPairSync('ed25519').privateKey)) {
    this.signer = signer;
    this.key = formatVerifierKey(signer);
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Another log of the same operator, with the records so far: a fork. */
  forked(): StaticLog {
    const fork = new StaticLog(this.signer);
    fork.append(this.records);
    return fork;
  }

  appendSome(count: number, note = 'consulta'): void {
    this.append(
      Array.from({ length: count }, (_, place) => ({
        record: {
          interacao: `${note}-${this.size + place}`,
          cpf: 'hash',
          escopos: ['divida:read'],
          aceita: true,
          ...READ,
        },
        nonce: randomBytes(32),
      })),
    );
  }

  append(records: readonly LoggedRecord[]): void {
    this.records.push(...records);
    const entries = records.map(({ record, nonce }) => entryOf(nonce, canonicalRecord(record)));
    const open = openTileIds(this.size).map(({ level, index }) => this.#tiles.get(`${level}/${index}`)!);
    const { tiles } = growTree(this.size, open, entries.map(hashLeaf));
    this.#entries = [...this.#entries, ...entries];
    for (const tile of tiles) {
      this.#tiles.set(`${tile.level}/${tile.index}`, tile);
      this.files.set(tilePath(tile), tile.hashes);
      if (tile.level > 0) continue;
      const bundle = this.#entries.slice(tile.index * 256, tile.index * 256 + tile.width);
      this.files.set(tilePath({ ...tile, level: 'entries' }), encodeEntryBundle(bundle));
    }
  }

  /** Signs the present tree and publishes the checkpoint. @returns its note */
  publish(witnesses: readonly NoteSigner[] = [], extensions: readonly string[] = []): string {
    const { root } = growTree(0, [], this.#entries.map(hashLeaf));
    const text = formatCheckpoint({ origin: ORIGIN, size: this.size, root, extensions });
    const note = signNote(text, [this.signer]) + signatureLines(text, witnesses);
    this.files.set('checkpoint', Buffer.from(note));
    return note;
  }

  /** What `GET /auditoria/provas/{interaction}` answers for these places. */
  async answer(places: readonly number[], checkpoint: string): Promise<string> {
    const tiles = [...this.#tiles.values()];
    const registros = await Promise.all(
      places.map(async (indice) => {
        const { record, nonce } = this.records[indice]!;
        const inclusao = await inclusionProof(indice, this.size, async () => tiles);
        const prova = { indice, checkpoint, inclusao: inclusao.map((hash) => Buffer.from(hash).toString('base64')) };
        return { registro: record, nonce: nonce.toString('base64'), prova };
      }),
    );
    return JSON.stringify({ registros });
  }
}

/** Serves the files of a log, or of another one after `show`. */
export class LogServer {
  readonly #server: Server;
  #log: StaticLog;
  /** The paths that were asked. */
  readonly asked: string[] = [];

  private constructor(log: StaticLog) {
    this.#log = log;
    this.#server = createServer(({ url = '' }, response) => {
      const path = url.slice('/log/'.length);
      this.asked.push(path);
      const file = this.#log.files.get(path);
      response.writeHead(file ? 200 : 404).end(file);
    });
  }

  static async start(log: StaticLog): Promise<LogServer> {
    const server = new LogServer(log);
    await new Promise<void>((resolve) => void server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/log/`;
  }

  show(log: StaticLog): void {
    this.#log = log;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
