import pino from 'pino';

export type Logger = pino.Logger;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * One JSON line an event, on standard output. Callers log names, codes and keyed hashes; as a second wall, anything
 * that looks like a CPF, a token or a connection string is masked wherever an error brought it along.
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
      // `msg` too: pino repeats the error's message there when a line has none of its own.
      serializers: { err: describeError, msg: (msg: unknown) => (typeof msg === 'string' ? maskSecrets(msg) : msg) },
    },
    options.destination ?? pino.destination({ dest: 1, sync: false, minLength: 8_192, periodicFlush: 200 }),
  );
}

/** For a library that says too much: its warnings and errors, as text. */
export const warningsOnly = (logger: Logger) => ({
  debug(): void {},
  info(): void {},
  warn: (message: unknown): void => logger.warn(String(message)),
  error: (message: unknown): void => logger.error(String(message)),
});

/** Characters of a text that a line has at most: an error may bring a whole statement or document along. */
const TEXT_MAX = 4_000;

// No repetition here may start over at each place of a long run: callers choose these texts.
// Not `\b`: in a name a letter or `_` may stand before a CPF, in a file noughts, and between its digits, which may be of any
// script, any punctuation but the colon of a time.
const CPF = /(?<!\p{Nd})0{0,20}\p{Nd}(?:[^\p{L}\p{N}:]{0,3}\p{Nd}){10}(?!\p{Nd})/gu;
const DSN = /\b\w+:\/\/[^\s"'@/]*@/g;
const DOTTED = /[\w.-]+/g;
const TOKEN_PART_MIN = 8;

/** Three long parts in a row, with dots between: a signed token, and what is left of an encrypted one. */
function maskTokens(run: string): string {
  const parts = run.split('.');
  for (let at = 0; at + 2 < parts.length; at++) {
    if (parts.slice(at, at + 3).every(({ length }) => length >= TOKEN_PART_MIN))
      return [...parts.slice(0, at), '[TOKEN]'].join('.');
  }
  return run;
}

/** A text without CPFs, tokens and the credentials of connection strings, of at most 4,000 characters. */
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

/** What is thrown and is no Error: its message, or the names of its keys, whose values may be anybody's data. */
function thrownText(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  if ('message' in thrown && typeof thrown.message === 'string') return thrown.message;
  return `an object with the keys: ${Object.keys(thrown).join(', ')}`;
}
