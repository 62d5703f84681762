import type { Change, ChangePage } from './change-source.ts';
import type { IndexWriter } from './index-writer.ts';

/** The number of concurrent bulk requests if the order of pages does not matter. */
const WRITES_AT_ONCE = 3;

/** A page that the index has, with all pages before it. */
export interface WrittenPage extends Omit<ChangePage, 'changes'> {
  readonly rows: number;
}

/**
 * Writes pages and yields each one, in order, once the index has it and all pages before it. When the generator ends, no write
 * is active.
 */
export async function* writePages(
  pages: AsyncIterable<ChangePage>,
  writer: IndexWriter,
  isOrdered: boolean,
): AsyncGenerator<WrittenPage> {
  const underWay: Promise<WrittenPage>[] = [];
  const write = async ({ changes, ...page }: ChangePage): Promise<WrittenPage> => {
    await writer.write(isOrdered ? lastOfEach(changes) : changes);
    return { ...page, rows: changes.length };
  };
  try {
    for await (const page of pages) {
      const writing = write(page);
      writing.catch(() => {}); // thrown when the page is awaited
      underWay.push(writing);
      // A page with `upToDateAt` must not wait for the next page.
      const keep = page.upToDateAt || isOrdered ? 0 : WRITES_AT_ONCE - 1;
      while (underWay.length > keep) yield await underWay.shift()!;
    }
    while (underWay.length > 0) yield await underWay.shift()!;
  } finally {
    await Promise.allSettled(underWay); // the caller may remove the index, and a late write would create it again
  }
}

/** The last change of each posting in a page. A posting under another CPF is another document. */
function lastOfEach(changes: readonly Change[]): Change[] {
  const last = new Map<string, Change>();
  for (const change of changes) {
    const { id, cpf } = 'removed' in change ? change.removed : change.row;
    const place = JSON.stringify([id, cpf]);
    last.delete(place); // keeps the order of the last changes: two people's documents with one id may be the same document of a shard
    last.set(place, change);
  }
  return [...last.values()];
}
