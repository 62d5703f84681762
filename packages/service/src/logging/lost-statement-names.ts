import type { Fonte } from '@pessoa/domain/services';
import type { Logger } from './logger.ts';

/** For `StatementNames`: says that a connection pooler has lost prepared statements of a source. */
export const warnOfLostNames = (logger: Logger, fonte: Fonte) => (): void =>
  logger.warn({ fonte }, 'a connection pooler loses prepared statements: each statement is planned anew');
