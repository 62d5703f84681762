import { PublicError, publicErrors, retryAfterSeconds } from '@pessoa/domain/errors';
import { problemFor } from '@pessoa/rest/problem';
import type { FastifyError, FastifyReply } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from '../logging/logger.ts';
import type { Door } from './route-table.ts';
import './request-facts.ts';

/** Converts an error to one of the closed table. Messages of fastify must not reach clients, because they quote the URL. */
export function toPublicError(error: FastifyError | PublicError): PublicError {
  if (error instanceof PublicError) return error;
  const { statusCode = 500 } = error;
  if (statusCode === 413) return new PublicError('LIMITE_EXCEDIDO', { detail: 'The body is too large.', cause: error });
  if (statusCode === 415) return new PublicError('TIPO_NAO_SUPORTADO', { cause: error });
  if (error.code === 'FST_ERR_BAD_URL') {
    return new PublicError('BAD_USER_INPUT', { detail: 'The path is not percent-encoded UTF-8.', cause: error });
  }
  if (error.code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH') {
    return new PublicError('BAD_USER_INPUT', { detail: 'The body ended early.', cause: error });
  }
  if (statusCode >= 400 && statusCode < 500) {
    return new PublicError('BAD_USER_INPUT', { detail: 'The request cannot be read.', cause: error });
  }
  return new PublicError('INTERNAL_SERVER_ERROR', { cause: error });
}

/** Answers with an error, as GraphQL when the door is GraphQL, otherwise as a REST problem. Logs bugs and lost keys. */
export function sendError(
  error: PublicError,
  reply: FastifyReply,
  { door, logger }: { door: Door | undefined; logger: Logger },
): FastifyReply {
  const { facts } = reply.request;
  facts.code ??= error.code;
  facts.motivo ??= error.reason?.motivo;
  if (error.code === 'INTERNAL_SERVER_ERROR')
    logger.error({ interacao: facts.interactionId, err: error.cause ?? error });
  else if (error.code === 'FONTE_INDISPONIVEL')
    logger.warn({ interacao: facts.interactionId, codigo: error.code, err: error.cause });
  const retryAfter = retryAfterSeconds[error.code];
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  reply.header('cache-control', 'no-store').code(publicErrors[error.code].status);
  if (door !== 'graphql') {
    return reply
      .type('application/problem+json')
      .send(problemFor(error.code, error.message, error.fonte, error.reason));
  }
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(graphqlError(error)));
}

/** The GraphQL answer to a request that was refused before its execution. */
export const graphqlError = ({ code, message, reason }: PublicError): { errors: GraphQLFormattedError[] } => ({
  errors: [{ message, extensions: { code, ...reason } }],
});
