import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { PublicError, publicErrors } from '@pessoa/domain/errors';
import { problemFor } from '@pessoa/rest/problem';
import type { FastifyReply } from 'fastify';
import type { Logger } from '../logging/logger.ts';
import { INTERACTION_HEADER, NOT_HTTP } from './request-faults.ts';
import type { ActiveRequests } from './active-requests.ts';
import type { RouteTable } from './route-table.ts';

/** The time for a client that is still sending to read its refusal before the connection is destroyed. */
const LINGER_MILLIS = 1_000;

interface ParserError extends Error {
  readonly code?: string;
  /** The packet with the bytes that do not parse; valid requests may precede them. */
  readonly rawPacket?: unknown;
  /** The number of bytes of the packet before the first one that does not parse. */
  readonly bytesParsed?: number;
}

export interface MalformedHttpOptions {
  readonly routes: RouteTable;
  readonly activeRequests: ActiveRequests;
  readonly refuse: (error: PublicError, reply: FastifyReply) => void;
  readonly headers: Readonly<Record<string, string>>;
  readonly logger: Logger;
}

/**
 * Answers when the bytes of a connection are not HTTP/1.1, come too slowly, or ask for a tunnel (CONNECT). fastify gets no
 * request for these, so Node would answer with an empty body or close the connection without an answer.
 */
export function createMalformedHttpHandler({ routes, activeRequests, refuse, headers, logger }: MalformedHttpOptions): {
  onClientError(error: ParserError, socket: Socket): void;
  mount(server: Server): void;
} {
  const answered = new WeakSet<Socket>();

  /** Writes an answer to the socket, and closes the connection. */
  function answer(socket: Socket, error: PublicError, allow: readonly string[] | undefined): void {
    answered.add(socket);
    const interacao = randomUUID();
    const { status } = publicErrors[error.code];
    const body = JSON.stringify(problemFor(error.code, error.message));
    const head = Object.entries({
      ...headers,
      'content-type': 'application/problem+json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      [INTERACTION_HEADER]: interacao,
      ...(allow && { allow: allow.join(', ') }),
      connection: 'close',
    });
    const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...head.map(([name, value]) => `${name}: ${value}`)];
    socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
    setTimeout(() => socket.destroy(), LINGER_MILLIS).unref();
    logger.info({ interacao, rota: '(none)', status, codigo: error.code });
  }

  function answerTo(error: ParserError, socket: Socket): void {
    const fault = faultOf(error);
    const path = requestPath(error);
    const isMethod = fault.code === 'METODO_NAO_PERMITIDO';
    answer(socket, fault, isMethod ? (routes.at(path)?.methods ?? routes.methods()) : undefined);
  }

  return {
    onClientError(error, socket) {
      if (answered.has(socket)) return;
      const last = activeRequests.on(socket).at(-1);
      if (last) {
        answered.add(socket);
        if (last.request.raw.complete) {
          last.raw.once('close', () => socket.writable && answerTo(error, socket)); // after the answer before it
        } else if (last.sent) {
          last.raw.shouldKeepAlive = false; // these bytes are the rest of the body of an answered request
        } else {
          last.header('connection', 'close');
          refuse(faultOf(error), last); // the body of this request does not parse
        }
      } else if (!socket.writable || error.code === 'ECONNRESET' || socket.bytesRead === 0) {
        socket.destroy(); // the client is gone, or has sent nothing
      } else if (socket.bytesWritten > 0 && error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
        socket.destroy(); // the client has its answer, but did not finish sending the body
      } else answerTo(error, socket);
    },
    mount(server) {
      server.on('connect', ({ url = '' }: IncomingMessage, socket) =>
        answer(socket as Socket, new PublicError('METODO_NAO_PERMITIDO'), routes.at(url)?.methods ?? routes.methods()),
      );
    },
  };
}

const limitError = (detail: string, cause: Error): PublicError => new PublicError('LIMITE_EXCEDIDO', { detail, cause });

function faultOf(cause: ParserError): PublicError {
  switch (cause.code) {
    case 'HPE_HEADER_OVERFLOW':
      return limitError('The request line and headers are over 16 KB.', cause);
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return limitError('The chunk extensions are over 16 KB.', cause);
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return limitError(
        'The request took too long: headers must arrive within 10 s, headers and body within 15 s.',
        cause,
      );
    case 'HPE_INVALID_URL':
      return new PublicError('BAD_USER_INPUT', { detail: isAscii(cause) ? NO_TARGET : NOT_ENCODED, cause });
    case 'HPE_INVALID_METHOD':
      if (requestLine(cause)) return new PublicError('METODO_NAO_PERMITIDO', { cause });
  }
  return new PublicError('BAD_USER_INPUT', { detail: NOT_HTTP, cause });
}

const NOT_ENCODED = 'The URL has bytes that are not percent-encoded.';
const NO_TARGET = 'The request line names neither a path nor an address.';

const isAscii = (error: ParserError): boolean => /^[ -~]*\r?\n/.test(faultyLine(error));

/** Matches the line of a request whose method Node does not know; null for other bytes. */
const requestLine = (error: ParserError): RegExpExecArray | null =>
  /^[!#$%&'*+.^`|~\w-]{1,32} ([!-~]{1,2048}) HTTP\/1\.[01]\r?\n/.exec(faultyLine(error));

const requestPath = (error: ParserError): string => requestLine(error)?.[1] ?? '';

/** The bytes from the start of the line that does not parse. */
function faultyLine({ rawPacket, bytesParsed = 0 }: ParserError): string {
  if (!Buffer.isBuffer(rawPacket)) return '';
  const start = bytesParsed === 0 ? 0 : rawPacket.lastIndexOf('\n', bytesParsed - 1) + 1;
  return rawPacket.toString('latin1', start, start + 2_200);
}
