import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Cpf } from './cpf.ts';
import { PublicError } from './errors.ts';

export const PAGE_SIZE_DEFAULT = 25;
export const PAGE_SIZE_MAX = 100;

/** @throws PublicError LIMITE_EXCEDIDO over 100, BAD_USER_INPUT below 1 */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? PAGE_SIZE_DEFAULT;
  if (size > PAGE_SIZE_MAX) throw new PublicError('LIMITE_EXCEDIDO', { detail: '`first` is at most 100.' });
  if (size < 1) throw new PublicError('BAD_USER_INPUT', { detail: '`first` is at least 1.' });
  return size;
}

/** Where a keyset page ended: the sort value of its last row (a day or an instant, as text) and that row's id. */
export interface Position {
  readonly sort: string;
  readonly id: string;
}

/** Writes and reads the cursors of one connection. */
export interface CursorCodec {
  encode(cpf: Cpf, filter: unknown, position: Position): string;
  /** @throws PublicError BAD_USER_INPUT for a cursor that is not ours, or of another CPF, connection or filter */
  decode(cpf: Cpf, filter: unknown, cursor: string): Position;
}

const VERSION = 1;

/**
 * Cursors are base64url of version, sort value, id and 8 bytes of HMAC over connection, CPF and filter: they carry no
 * CPF and are of no use on another person or with another filter.
 */
export function cursorCodec(connection: string, key: Uint8Array): CursorCodec {
  const bind = (cpf: Cpf, filter: unknown, body: string): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([connection, cpf, filter ?? null, body]))
      .digest()
      .subarray(0, 8);

  return {
    encode(cpf, filter, { sort, id }) {
      const body = JSON.stringify([VERSION, sort, id]);
      return Buffer.concat([bind(cpf, filter, body), Buffer.from(body)]).toString('base64url');
    },
    decode(cpf, filter, cursor) {
      const bytes = Buffer.from(cursor, 'base64url');
      const body = bytes.subarray(8).toString();
      // Node skips what is not base64url: without the comparison a cursor would have endless other spellings.
      const isCanonical = bytes.toString('base64url') === cursor;
      if (!isCanonical || bytes.length <= 8 || !timingSafeEqual(bytes.subarray(0, 8), bind(cpf, filter, body))) {
        throw new PublicError('BAD_USER_INPUT', { detail: '`after` is not a cursor of this list and filter.' });
      }
      const [, sort, id] = JSON.parse(body) as [number, string, string];
      return { sort, id };
    },
  };
}
