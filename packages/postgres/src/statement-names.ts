import { createHash } from 'node:crypto';
import type { Pool, QueryConfig, QueryResultRow } from 'pg';
import { toParameter } from './array-parameter.ts';

/** How many texts get a name. Each is kept by each connection of the server, in about 50 KB. */
const NAMES_MAX = 64;

/** A connection pooler has moved us to a session that does not know the name, or knows it from another client. */
const LOST = new Set(['26000', '42P05']);
const CHANGED_PLAN = '0A000';

/**
 * Names the statements of a pool, so that PostgreSQL parses and plans each text once for a connection.
 *
 * A name has a hash of its text. Behind a pooler, where other clients have named statements too, one name never means two texts.
 */
export class StatementNames {
  readonly #onLost: (() => void) | undefined;
  readonly #names = new Map<string, string>();
  #areLost = false;
  #generation = 0;

  /** @param onLost called once, when a pooler has lost a name: from then on nothing has a name */
  constructor(onLost?: () => void) {
    this.#onLost = onLost;
  }

  /** Undefined for a text beyond the first 64: it is planned for each run. */
  nameOf(text: string): string | undefined {
    if (this.#areLost) return undefined;
    let name = this.#names.get(text);
    if (name === undefined && this.#names.size < NAMES_MAX) {
      name = createHash('sha256').update(`${this.#generation} ${text}`).digest('base64url').slice(0, 22);
      this.#names.set(text, name);
    }
    return name;
  }

  /**
   * Runs statements that have names of `nameOf`. When PostgreSQL refuses a name, it has not run that statement: `work` runs
   * once more. So it must read, or write the same again without effect.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!this.#forget(error)) throw error;
      return work();
    }
  }

  /** The rows of one statement, which has a name where it gets one. */
  async rows<Row extends QueryResultRow>(pool: Pool, text: string, values: unknown[]): Promise<Row[]> {
    const parameters = values.map(toParameter);
    const { rows } = await this.run(() =>
      pool.query<Row>({ name: this.nameOf(text), text, values: parameters } as QueryConfig),
    );
    return rows;
  }

  /** @returns whether the statement may succeed under another name or under none */
  #forget(error: unknown): boolean {
    const { code, message } = refusalOf(error);
    if (LOST.has(code)) {
      if (!this.#areLost) this.#onLost?.();
      this.#areLost = true;
      return true;
    }
    if (code !== CHANGED_PLAN || !message.includes('cached plan')) return false;
    // A column has another type than when it was planned. New names are planned anew.
    this.#generation++;
    this.#names.clear();
    return true;
  }
}

interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** Of `pg` itself, or of Prisma over @prisma/adapter-pg. */
function refusalOf(error: unknown): Refusal {
  const {
    code = '',
    message = '',
    meta,
  } = (error ?? {}) as Partial<Refusal> & {
    meta?: { driverAdapterError?: { cause?: { originalCode?: string; originalMessage?: string } } };
  };
  const cause = meta?.driverAdapterError?.cause;
  return { code: cause?.originalCode ?? code, message: cause?.originalMessage ?? message };
}
