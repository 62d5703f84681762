import type { Period } from '../audit/period.ts';
import type { LogLine } from './log-line.ts';
import type { LogSessions } from './log-sessions.ts';

const SETTING_CHANGED = /^parameter "(?:pgaudit\.|shared_preload_libraries|log_destination|log_min_messages)/;

/** Places of one kind in a log: how many, and the first. */
class Places {
  #count = 0;
  #first = '';

  add({ place }: LogLine): void {
    if (this.#count === 0) this.#first = place;
    this.#count += 1;
  }

  /** @returns undefined without one */
  say(sentence: (count: number, first: string) => string): string | undefined {
    return this.#count === 0 ? undefined : sentence(this.#count, this.#first);
  }
}

/** Whether a log can prove what it does not have: from when to when it goes, and what is missing in between. */
export class LogCoverage {
  readonly #sessions: LogSessions;
  readonly #audited = new Set<string>();
  readonly #gaps = new Places();
  readonly #unclear = new Places();
  readonly #changes = new Places();
  #first: Date | undefined;
  #last: Date | undefined;

  constructor(sessions: LogSessions) {
    this.#sessions = sessions;
  }

  /** Takes the next line of the log. */
  take(line: LogLine): void {
    this.#first ??= line.instant;
    if (!this.#last || line.instant > this.#last) this.#last = line.instant;
    if (this.#sessions.isAfterGap(line)) this.#gaps.add(line);
    if (line.role === '' && SETTING_CHANGED.test(line.message)) this.#changes.add(line);
  }

  /** Notes a statement that has the name of a table in its text, and no relation. */
  takeUnclear(line: LogLine): void {
    this.#unclear.add(line);
  }

  /** Notes that pgaudit wrote about a role in the database. */
  takeAudited(role: string): void {
    this.#audited.add(role);
  }

  /** Why a read may be missing in the log; empty when it has all of the period. */
  faults({ from, until }: Partial<Period>, readers: Iterable<string>): string[] {
    const [first, last] = [this.#first, this.#last];
    if (!first || !last) return ['the log is empty'];
    const unheard = [...readers].filter((role) => !this.#audited.has(role));
    return [
      from && first > from && `the log begins at ${first.toISOString()}, after --from: earlier reads are not in it`,
      until && last < until && `the log ends at ${last.toISOString()}, before the end of the period: later reads are not in it`,
      this.#gaps.say((count, place) => `lines are missing in ${count} places, first before ${place}: name every file, the oldest first`),
      this.#unclear.say((count, place) => `${count} statements name a table and no relation, first at ${place}: is pgaudit.log_relation off? Then a read through a view is not seen`),
      this.#changes.say((count, place) => `settings of the log changed ${count} times, first at ${place}: reads may be missing`),
      ...unheard.map((role) => `pgaudit wrote nothing about ${role}: it is not loaded, not on for this role, or the role has another name`),
    ].filter((fault) => typeof fault === 'string'); // prettier-ignore
  }
}
