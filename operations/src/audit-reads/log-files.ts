import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { failingAs } from '../commands/command-error.ts';
import { csvlog, jsonlog } from './log-forms.ts';
import { garbled, type LogForm, LogError, type LogLine, logLineOf } from './log-line.ts';

/** The longest line, in UTF-16 units. A read of 100 people takes some 5,000. */
const LINE_MAX = 16 * 1024 * 1024;
const PART_BYTES = 256 * 1024;

/**
 * The lines of the files, one file after the other. It holds one line and one part of a file at a time.
 *
 * @param paths the oldest file first
 * @throws LogError for a line that is not whole
 * @throws CommandError for a file that cannot be read
 */
export async function* logLines(paths: readonly string[]): AsyncGenerator<LogLine> {
  for (const path of paths) yield* linesOf(path);
}

async function* linesOf(path: string): AsyncGenerator<LogLine> {
  const name = basename(path);
  let form: LogForm | undefined;
  /** The line that begins `rest`, and the one that begins where it was searched. */
  let number = 1;
  let next = 1;
  let rest = '';
  /** Up to where `rest` was searched, and whether a quoted field is open there. */
  let searched = 0;
  let isOpen = false;
  for await (const part of partsOf(path)) {
    form ??= formOf(part, name);
    rest += part;
    let at = 0;
    for (let end = rest.indexOf('\n', searched); end >= 0; end = rest.indexOf('\n', searched)) {
      if (form.hasQuotes && hasOddQuotes(rest, searched, end)) isOpen = !isOpen;
      searched = end + 1;
      next += 1;
      if (isOpen) continue;
      const place = `${name}:${number}`;
      const fields = form.read(rest.slice(at, end));
      if (!fields) throw garbled(place);
      yield logLineOf(fields, place);
      number = next;
      at = searched;
    }
    rest = rest.slice(at);
    searched -= at;
    if (rest.length > LINE_MAX) throw garbled(`${name}:${number}`);
  }
  if (rest !== '') throw new LogError(`${name}:${number}: the file ends within a line`);
}

/** A quote within a quoted field is doubled. So outside of fields the number of quotes is even. */
function hasOddQuotes(text: string, from: number, until: number): boolean {
  let isOdd = false;
  for (let at = text.indexOf('"', from); at >= 0 && at < until; at = text.indexOf('"', at + 1)) isOdd = !isOdd;
  return isOdd;
}

/** Bytes that are no UTF-8 may be of another database of the server. */
async function* partsOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const file = createReadStream(path, { highWaterMark: PART_BYTES });
  try {
    for await (const bytes of file) yield decoder.decode(bytes as Uint8Array, { stream: true });
  } catch (error) {
    failingAs(`${basename(path)} cannot be read`)(error);
  }
  const last = decoder.decode();
  if (last !== '') yield last;
}

function formOf(start: string, name: string): LogForm {
  if (start.startsWith('{')) return jsonlog;
  if (/^\d{4}-[^\n]*,/.test(start)) return csvlog;
  throw new LogError(`${name} is neither a csvlog nor a jsonlog: set log_destination to one of them`);
}
