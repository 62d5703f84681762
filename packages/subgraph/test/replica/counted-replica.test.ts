import { countedReplica } from '../../src/replica/counted-replica.ts';
import type { Queryable } from '../../src/replica/replica-sight.ts';
import type { PublisherCatalogue } from '../../src/replica/publisher-catalogue.ts';

const catalogue: PublisherCatalogue = new Map([
  ['credor', { qualified: 'credor', origin: 'credor 1', partitions: '', faults: [] }],
]);

/** A server with `rows()` rows in each table. It answers a count once `answers` resolves. */
const server = (rows: () => number, answers: () => Promise<void> = async () => {}): Queryable => ({
  async query<Row>(statement: string) {
    if (!statement.includes('count(*)')) {
      return { rows: [{ publisher: '1', replica: '1', isConnected: true, isLost: false } as Row] };
    }
    await answers();
    return { rows: [{ rows: String(rows()) } as Row] };
  },
});

describe('The row counts of a replica', () => {
  it('are those of the current copy: a count of an earlier copy that ends later is discarded', async () => {
    let letAnswer!: () => void;
    const held = new Promise<void>((resolve) => (letAnswer = resolve));
    const counted = countedReplica({ credor: ['id'] });
    const earlierCount = counted.count(
      { publisher: server(() => 20), replica: server(() => 10, () => held), slot: 'slot' }, // prettier-ignore
      catalogue,
    );
    counted.forget();
    const currentCount = counted.count(
      { publisher: server(() => 20), replica: server(() => 20), slot: 'slot' },
      catalogue,
    );
    letAnswer();
    await Promise.all([earlierCount, currentCount]);
    expect(counted.faults(catalogue)).toEqual([]);
  }, 20_000);

  it('are valid until the copy is replaced', async () => {
    const counted = countedReplica({ credor: ['id'] });
    const sides = { publisher: server(() => 20), replica: server(() => 10), slot: 'slot' };
    await counted.count(sides, catalogue);
    expect(counted.faults(catalogue)).toEqual(['credor has 20 rows at the publisher and 10 at the replica']);
    counted.forget();
    expect(counted.faults(catalogue)).toEqual([]);
  });
});
