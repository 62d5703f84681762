import type { AuditEntry } from './audit-entry.ts';
import type { LogLine } from './log-line.ts';

interface SeenSession {
  readonly line: number;
  /** The statement that was taken last. */
  readonly statement: string | undefined;
}

/** More than a server has connections: who is forgotten has ended. */
const SESSIONS_MAX = 20_000;

/** What is known of the sessions of a log, of those seen last. */
export class LogSessions {
  readonly #sessions = new Map<string, SeenSession>();
  #beginning: Date | undefined;
  #hasForgotten = false;

  /** Takes the next line. @returns whether lines of its session are missing before it */
  isAfterGap({ session, sessionLine, sessionStart, instant }: LogLine): boolean {
    this.#beginning ??= instant;
    const seen = this.#sessions.get(session);
    this.#put(session, { line: sessionLine, statement: seen?.statement });
    if (seen) return sessionLine !== seen.line + 1;
    return sessionLine !== 1 && sessionStart > this.#beginning && !this.#hasForgotten;
  }

  /** Whether this is the first entry of a statement that is taken: pgaudit writes one for each relation, one after the other. */
  isNewStatement({ session, sessionLine }: LogLine, { statement }: AuditEntry): boolean {
    const isNew = this.#sessions.get(session)?.statement !== statement;
    this.#put(session, { line: sessionLine, statement });
    return isNew;
  }

  #put(session: string, seen: SeenSession): void {
    this.#sessions.delete(session); // the newest is the last
    this.#sessions.set(session, seen);
    if (this.#sessions.size <= SESSIONS_MAX) return;
    this.#sessions.delete(this.#sessions.keys().next().value!);
    this.#hasForgotten = true;
  }
}
