import type { Change, ChangePage } from './change-source.ts';
import type { IndexWriter } from './index-writer.ts';

/** Bulks under way while the next page is read, where their order does not matter. */
const WRITES_AT_ONCE = 3;

/** A page that is in the index, with all before it. */
export interface WrittenPage extends Omit<ChangePage, 'changes'> {
  readonly rows: number;
}

/** Writes pages as they come, and gives each back, in order, once it and all before it are in the index. No write outlasts it. */
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
      writing.catch(() => {}); // seen when its turn comes
      underWay.push(writing);
      // Who waits for the end of what there is waits for no further page.
      const keep = page.emDia || isOrdered ? 0 : WRITES_AT_ONCE - 1;
      while (underWay.length > keep) yield await underWay.shift()!;
    }
    while (underWay.length > 0) yield await underWay.shift()!;
  } finally {
    await Promise.allSettled(underWay); // whoever goes on from here may remove the index, which a late write would make again
  }
}

/** Several changes of one posting in a page: the last is what it came to. Under another CPF it is another document. */
function lastOfEach(changes: readonly Change[]): Change[] {
  const last = new Map<string, Change>();
  for (const change of changes) {
    const { id, cpf } = 'removida' in change ? change.removida : change.linha;
    const place = JSON.stringify([id, cpf]);
    last.delete(place); // in the order of the last ones: two people's documents of one id may be the same one of a shard
    last.set(place, change);
  }
  return [...last.values()];
}
