import type { FetchAnswer } from './router-fetch.ts';

/**
 * Several fetches of the router in one HTTP request (docs/decisions/0034). The request is a JSON list of fetches. Its answer has a line
 * for each fetch, as soon as that is answered: the number of the fetch, its status, and its body as JSON.
 */

/** The path of batches, after the path of GraphQL. */
export const BATCH_SUFFIX = '/batch';

/** The most fetches of a batch. */
export const BATCH_FETCHES_MAX = 32;

/** The most characters of the bodies of a batch. A longer one is sent alone. */
export const BATCH_CHARACTERS_MAX = 256 * 1024;

export const BATCH_ANSWER_TYPE = 'application/x-ndjson';

/** @param body a GraphQL request as JSON */
export const fetchText = (headers: Readonly<Record<string, string>>, body: string): string =>
  `{"headers":${JSON.stringify(headers)},"request":${body}}`;

/** `JSON.stringify` writes no line break, so one line holds one answer. */
export const answerLine = (number: number, { status, body }: FetchAnswer): string =>
  `${number} ${status} ${JSON.stringify(body)}\n`;

/** A line as text: its number, its status and its body as JSON. */
export interface AnswerLine {
  readonly number: number;
  readonly status: number;
  readonly text: string;
}

const HEAD = /^(\d{1,3}) ([1-5]\d\d) /;
const HEAD_BYTES_MAX = 9;
const LINE_BREAK = 0x0a;

/** Splits the bytes of an answer into lines, each with at most `maxBytes`. */
export class AnswerLineReader {
  readonly #maxBytes: number;
  readonly #onLine: (line: AnswerLine | undefined) => void;
  readonly #onTooLong: (number: number) => void;
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** The number of the line, once that is too long. */
  #tooLong: number | undefined;

  /**
   * @param onLine gets undefined for a line that has another form
   * @param onTooLong gets the number of a line that was too long, when it ends
   */
  constructor(maxBytes: number, onLine: (line: AnswerLine | undefined) => void, onTooLong: (number: number) => void) {
    this.#maxBytes = maxBytes;
    this.#onLine = onLine;
    this.#onTooLong = onTooLong;
  }

  /** The number of the line of which a part is there; undefined without such a part. */
  get started(): number | undefined {
    if (this.#tooLong !== undefined) return this.#tooLong;
    const head = HEAD.exec(this.#head());
    return head ? Number(head[1]) : undefined;
  }

  add(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(LINE_BREAK); end !== -1; end = chunk.indexOf(LINE_BREAK, start)) {
      this.#collect(chunk.subarray(start, end));
      this.#endLine();
      start = end + 1;
    }
    if (start < chunk.length) this.#collect(chunk.subarray(start));
  }

  #collect(part: Buffer): void {
    const wasTooLong = this.#bytes > this.#maxBytes;
    this.#bytes += part.length;
    if (wasTooLong) return;
    this.#chunks.push(part);
    if (this.#bytes <= this.#maxBytes) return;
    this.#tooLong = this.started;
    this.#chunks = [];
  }

  #endLine(): void {
    const [chunks, bytes] = [this.#chunks, this.#bytes];
    this.#chunks = [];
    this.#bytes = 0;
    if (bytes > this.#maxBytes) {
      const number = this.#tooLong;
      this.#tooLong = undefined;
      return number === undefined ? this.#onLine(undefined) : this.#onTooLong(number);
    }
    const line = (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes)).toString('utf8');
    const head = HEAD.exec(line);
    this.#onLine(head ? { number: Number(head[1]), status: Number(head[2]), text: line.slice(head[0].length) } : undefined); // prettier-ignore
  }

  #head(): string {
    let head = '';
    for (const chunk of this.#chunks) {
      head += chunk.toString('latin1', 0, HEAD_BYTES_MAX);
      if (head.length >= HEAD_BYTES_MAX) break;
    }
    return head;
  }
}
