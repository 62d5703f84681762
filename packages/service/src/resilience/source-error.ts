import { PublicError } from '@pessoa/domain/errors';
import type { Fonte } from '@pessoa/domain/services';

const UNREACHABLE_KINDS = new Set([
  'DatabaseNotReachable',
  'DatabaseDoesNotExist',
  'DatabaseAccessDenied',
  'AuthenticationFailed',
  'ConnectionClosed',
  'TlsConnectionError',
  'TooManyConnections',
]);
const CONTRACT_KINDS = new Set(['TableDoesNotExist', 'ColumnNotFound']);

interface AdapterCause {
  kind?: string;
  originalCode?: string;
}

/** What node-postgres says of a server that does not speak as PostgreSQL does. */
const NO_PROTOCOL = /^SASL: |^received invalid response: |^Received unexpected \w+ message from backend/;
// SQLSTATE classes: refused identity, no such database, connection lost, no resources, the operator's shutdown.
const UNREACHABLE_STATES = /^(28|3D|08|53|57P)/;
const UNREACHABLE_SOCKET = /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/;

/**
 * Translates an error of PostgreSQL, from Prisma over @prisma/adapter-pg or from `pg`, to a PublicError: FONTE_LENTA (no connection
 * or answer in time), FONTE_INDISPONIVEL (the server cannot be reached, or ended the connection), FONTE_INVALIDA (a table or column
 * of the contract is missing).
 *
 * @returns any other error unchanged: it is a bug of ours
 */
export function sourceError(error: unknown, fonte: Fonte): unknown {
  // Not `instanceof`: under jest, errors of sockets belong to another realm.
  if (!Error.isError(error) || error instanceof PublicError) return error;
  // The time-outs of node-postgres have no code.
  if (/timeout exceeded when trying to connect|due to connection timeout|Query read timeout/.test(error.message)) {
    return withCode('FONTE_LENTA');
  }
  const { meta, code = '' } = error as { meta?: { driverAdapterError?: { cause?: AdapterCause } }; code?: string };
  const { kind = '', originalCode = code } = meta?.driverAdapterError?.cause ?? {};
  if (originalCode === '57014' || kind === 'SocketTimeout') return withCode('FONTE_LENTA');
  if (UNREACHABLE_KINDS.has(kind) || code === 'P1001' || UNREACHABLE_STATES.test(originalCode)) {
    return withCode('FONTE_INDISPONIVEL');
  }
  if (NO_PROTOCOL.test(error.message)) return withCode('FONTE_INDISPONIVEL');
  if (UNREACHABLE_SOCKET.test(code) || /Connection terminated|ECONNREFUSED|ECONNRESET|EPIPE/.test(error.message)) {
    return withCode('FONTE_INDISPONIVEL');
  }
  if (CONTRACT_KINDS.has(kind) || originalCode.startsWith('42')) return withCode('FONTE_INVALIDA');
  return error;

  function withCode(publicCode: 'FONTE_LENTA' | 'FONTE_INDISPONIVEL' | 'FONTE_INVALIDA'): PublicError {
    return new PublicError(publicCode, { fonte, cause: error });
  }
}
