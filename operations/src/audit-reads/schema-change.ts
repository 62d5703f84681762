import type { AuditEntry } from './audit-entry.ts';

/** After one of these a read of people may have another relation, or be behind a view. */
const CHANGE = /\b(?:rename|attach|detach|inherits?|partition|schema|view|rule)\b/i;
const COMMAND = /^(?:ALTER|CREATE) /;
/** A name with escapes may be any name. */
const ESCAPED_NAME = /\bu&"/i;

/**
 * Whether a statement may change under which name people are read: it renames, attaches, detaches, inherits or moves, or makes a view
 * or a rule, and names a table of people; or it changes a schema. It goes by the text: pgaudit names no relation of such a statement, and
 * ALTER INDEX renames tables too.
 *
 * @param namesPeople whether a text has the name of a table of people
 */
export function isSchemaChange({ statementClass, command, text }: AuditEntry, namesPeople: (text: string) => boolean): boolean {
  if (statementClass !== 'DDL' || !COMMAND.test(command) || !CHANGE.test(text)) return false;
  return command === 'ALTER SCHEMA' || ESCAPED_NAME.test(text) || namesPeople(text);
} // prettier-ignore
