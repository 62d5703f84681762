import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Cpf } from './cpf.ts';
import { PublicError } from './errors.ts';

export const PAGE_SIZE_DEFAULT = 25;
export const PAGE_SIZE_MAX = 100;

/**
 * The number of rows of a page.
 *
 * @param first from 1 to 100; default 25
 * @throws PublicError LIMITE_EXCEDIDO above 100, BAD_USER_INPUT below 1
 */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? PAGE_SIZE_DEFAULT;
  if (size > PAGE_SIZE_MAX) throw new PublicError('LIMITE_EXCEDIDO', { detail: '`first` is at most 100.' });
  if (size < 1) throw new PublicError('BAD_USER_INPUT', { detail: '`first` is at least 1.' });
  return size;
}

/** The highest number of people in one `cpfs`. */
export const CPFS_MAX = 100;

/** @throws PublicError LIMITE_EXCEDIDO for more than 100 CPFs */
export function checkCpfsCount({ length }: readonly unknown[]): void {
  if (length > CPFS_MAX) throw new PublicError('LIMITE_EXCEDIDO', { detail: '`cpfs` has at most 100 entries.' });
}

/** Where a page ended: the sort value of its last row (a day or an instant, as text) and the id of that row. */
export interface Position {
  readonly sort: string;
  readonly id: string;
}

/** Writes and reads the cursors of one connection. */
export interface CursorCodec {
  encode(cpf: Cpf, filter: unknown, position: Position): string;
  /** @throws PublicError BAD_USER_INPUT for a cursor that is not ours, or belongs to another CPF, connection or filter */
  decode(cpf: Cpf, filter: unknown, cursor: string): Position;
}

const VERSION = 1;

/**
 * A cursor is base64url of 8 bytes of HMAC, a version, the sort value and the id. The HMAC covers connection, CPF and
 * filter too, so a cursor holds no CPF and is refused for another person or filter.
 *
 * @param connection the name of the list, such as `dividas`
 */
export function cursorCodec(connection: string, key: Uint8Array): CursorCodec {
  const sign = (cpf: Cpf, filter: unknown, body: string): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([connection, cpf, filter ?? null, body]))
      .digest()
      .subarray(0, 8);

  return {
    encode(cpf, filter, { sort, id }) {
      const body = JSON.stringify([VERSION, sort, id]);
      return Buffer.concat([sign(cpf, filter, body), Buffer.from(body)]).toString('base64url');
    },
    decode(cpf, filter, cursor) {
      const bytes = Buffer.from(cursor, 'base64url');
      const body = bytes.subarray(8).toString();
      // Node ignores characters that are not base64url. Without this comparison a cursor would have endless spellings.
      const isCanonical = bytes.toString('base64url') === cursor;
      if (!isCanonical || bytes.length <= 8 || !timingSafeEqual(bytes.subarray(0, 8), sign(cpf, filter, body))) {
        throw new PublicError('BAD_USER_INPUT', { detail: '`after` is not a cursor of this list and filter.' });
      }
      const [, sort, id] = JSON.parse(body) as [number, string, string];
      return { sort, id };
    },
  };
}
