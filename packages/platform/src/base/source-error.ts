import { type Fonte, PublicError } from '@pessoa/domain/errors';

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

/**
 * What a failure of Prisma over @prisma/adapter-pg means to a client: FONTE_LENTA (no connection or answer in time),
 * FONTE_INDISPONIVEL (not reachable, or it ended the connection), FONTE_INVALIDA (a table or column of the contract is
 * missing). Anything else is our own bug and comes back as it is.
 */
export function sourceError(error: unknown, fonte: Fonte): unknown {
  if (!(error instanceof Error) || error instanceof PublicError) return error;
  // node-postgres names neither of its two time-outs by a code.
  if (/timeout exceeded when trying to connect|Query read timeout/.test(error.message)) return lost('FONTE_LENTA');
  const { meta, code } = error as { meta?: { driverAdapterError?: { cause?: AdapterCause } }; code?: string };
  const { kind = '', originalCode = '' } = meta?.driverAdapterError?.cause ?? {};
  if (originalCode === '57014' || kind === 'SocketTimeout') return lost('FONTE_LENTA');
  if (UNREACHABLE_KINDS.has(kind) || code === 'P1001' || /^(57P|08|53)/.test(originalCode))
    return lost('FONTE_INDISPONIVEL');
  if (/Connection terminated|ECONNREFUSED|ECONNRESET|EPIPE/.test(error.message)) return lost('FONTE_INDISPONIVEL');
  if (CONTRACT_KINDS.has(kind) || originalCode.startsWith('42')) return lost('FONTE_INVALIDA');
  return error;

  function lost(publicCode: 'FONTE_LENTA' | 'FONTE_INDISPONIVEL' | 'FONTE_INVALIDA'): PublicError {
    return new PublicError(publicCode, { fonte, cause: error });
  }
}
