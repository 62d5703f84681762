import cluster from 'node:cluster';
import pino from 'pino';
import { activeSpan, isTracing } from '../tracing/tracing.ts';

export type Logger = pino.Logger;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** A pipe takes 4,096 bytes whole (PIPE_BUF of Linux): so lines of several workers up to that length do not mix. */
const writes = cluster.isWorker ? { minLength: 2_048, maxWrite: 4_096 } : { minLength: 8_192 };

/**
 * Writes one JSON line for each event to standard output. Callers log names, codes and keyed hashes only. As a second
 * protection, the texts of messages and errors are masked where they look like a CPF, a token or a connection string.
 */
export function createLogger(options: {
  service: string;
  level: LogLevel;
  destination?: pino.DestinationStream;
}): Logger {
  return pino(
    {
      level: options.level,
      base: { service: options.service },
      timestamp: pino.stdTimeFunctions.isoTime,
      ...(isTracing() && { mixin: traceOfLine }),
      // `msg` is masked too, because pino uses the message of the error when a line has no message.
      serializers: { err: describeError, msg: (msg: unknown) => (typeof msg === 'string' ? maskSecrets(msg) : msg) },
    },
    options.destination ?? pino.destination({ dest: 1, sync: false, periodicFlush: 200, ...writes }),
  );
}

/** The trace to which a line belongs. */
const traceOfLine = (): object => {
  const span = activeSpan();
  return span ? { traceId: span.spanContext().traceId } : {};
};

/** A logger for a library that logs too much: it drops `debug` and `info`, and writes the others as text. */
export const warningsOnly = (logger: Logger) => ({
  debug(): void {},
  info(): void {},
  warn: (message: unknown): void => logger.warn(String(message)),
  error: (message: unknown): void => logger.error(String(message)),
});

/** The most characters of a logged text: an error may quote a whole statement or document. */
const TEXT_MAX = 4_000;

// Callers choose these texts, so no pattern may backtrack from every position of a long run.
// A CPF may follow a letter or `_` (so `\b` would miss it) or zeros. Its digits may be of any script, and any punctuation may
// stand between them, except the colon of a time.
const CPF = /(?<!\p{Nd})0{0,20}\p{Nd}(?:[^\p{L}\p{N}:]{0,3}\p{Nd}){10}(?!\p{Nd})/gu;
const DSN = /\b\w+:\/\/[^\s"'@/]*@/g;
const DOTTED = /[\w.-]+/g;
const TOKEN_PART_MIN = 8;

/** Masks three or more long parts in a row with dots between them: a signed token, or a part of an encrypted one. */
function maskTokens(run: string): string {
  const parts = run.split('.');
  for (let at = 0; at + 2 < parts.length; at++) {
    if (parts.slice(at, at + 3).every(({ length }) => length >= TOKEN_PART_MIN))
      return [...parts.slice(0, at), '[TOKEN]'].join('.');
  }
  return run;
}

/** Masks CPFs, tokens and the credentials of connection strings, and cuts the text to 4,000 characters. */
export function maskSecrets(text: string): string {
  const masked = text.replace(CPF, '[CPF]').replace(DOTTED, maskTokens).replace(DSN, '[DSN]');
  return masked.length > TEXT_MAX ? `${masked.slice(0, TEXT_MAX)}…` : masked;
}

interface ErrorDescription {
  type: string;
  message: string;
  code?: unknown;
  stack?: string;
  cause?: ErrorDescription;
}

function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error, message: maskSecrets(thrownText(error)) };
  return {
    type: error.name,
    message: maskSecrets(error.message),
    ...('code' in error && { code: error.code }),
    ...(error.stack && { stack: maskSecrets(error.stack) }),
    ...(error.cause !== undefined && depth < 4 && { cause: describeError(error.cause, depth + 1) }),
  };
}

/** Describes a thrown value that is not an Error: by its message, or by its keys, because values may be personal data. */
function thrownText(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  if ('message' in thrown && typeof thrown.message === 'string') return thrown.message;
  return `an object with the keys: ${Object.keys(thrown).join(', ')}`;
}
