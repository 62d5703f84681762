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

const SECRETS: readonly [RegExp, string][] = [
  // Not `\b`: in an alias or an operation's name a letter or `_` may stand before it.
  [/(?<!\d)\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?!\d)/g, '[CPF]'],
  [/\b[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}\b/g, '[TOKEN]'],
  [/\b\w+:\/\/[^\s"'@/]*@/g, '[DSN]'],
];

export const maskSecrets = (text: string): string =>
  SECRETS.reduce((masked, [pattern, label]) => masked.replace(pattern, label), text);

interface ErrorDescription {
  type: string;
  message: string;
  code?: unknown;
  stack?: string;
  cause?: ErrorDescription;
}

function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error, message: maskSecrets(String(error)) };
  return {
    type: error.name,
    message: maskSecrets(error.message),
    ...('code' in error && { code: error.code }),
    ...(error.stack && { stack: maskSecrets(error.stack) }),
    ...(error.cause !== undefined && depth < 4 && { cause: describeError(error.cause, depth + 1) }),
  };
}
