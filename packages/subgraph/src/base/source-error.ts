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

// SQLSTATE classes: refused identity, no such database, connection lost, no resources, the operator's shutdown.
const UNREACHABLE_STATES = /^(28|3D|08|53|57P)/;
const UNREACHABLE_SOCKET = /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/;

/**
 * What a failure of PostgreSQL means to a client, met through Prisma over @prisma/adapter-pg or through `pg` alone:
 * FONTE_LENTA (no connection or answer in time), FONTE_INDISPONIVEL (not reachable, or it ended the connection),
 * FONTE_INVALIDA (a table or column of the contract is missing). Anything else is our own bug and comes back as it is.
 */
export function sourceError(error: unknown, fonte: Fonte): unknown {
  // Not `instanceof`: under jest the errors of sockets are of another realm.
  if (!Error.isError(error) || error instanceof PublicError) return error;
  // node-postgres names none of its time-outs by a code.
  if (/timeout exceeded when trying to connect|due to connection timeout|Query read timeout/.test(error.message)) {
    return lost('FONTE_LENTA');
  }
  const { meta, code = '' } = error as { meta?: { driverAdapterError?: { cause?: AdapterCause } }; code?: string };
  const { kind = '', originalCode = code } = meta?.driverAdapterError?.cause ?? {};
  if (originalCode === '57014' || kind === 'SocketTimeout') return lost('FONTE_LENTA');
  if (UNREACHABLE_KINDS.has(kind) || code === 'P1001' || UNREACHABLE_STATES.test(originalCode)) {
    return lost('FONTE_INDISPONIVEL');
  }
  if (UNREACHABLE_SOCKET.test(code) || /Connection terminated|ECONNREFUSED|ECONNRESET|EPIPE/.test(error.message)) {
    return lost('FONTE_INDISPONIVEL');
  }
  if (CONTRACT_KINDS.has(kind) || originalCode.startsWith('42')) return lost('FONTE_INVALIDA');
  return error;

  function lost(publicCode: 'FONTE_LENTA' | 'FONTE_INDISPONIVEL' | 'FONTE_INVALIDA'): PublicError {
    return new PublicError(publicCode, { fonte, cause: error });
  }
}
