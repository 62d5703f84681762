import { setTimeout as sleep } from 'node:timers/promises';
import type { Cpf } from '@pessoa/domain/cpf';
import { addMovimentacoes, addTitular } from '@pessoa/testkit/base-c-rows';
import type { Pool, PoolClient } from 'pg';
import type { Change, ChangeSource } from '../src/change-source.ts';

export interface SourceUnderTest {
  /** Opens another one over the same Base C, as a process that is started again does. */
  open(): ChangeSource;
  readonly owner: Pool;
  close(): Promise<void>;
}

/** What somebody who applies every change has, by id; what was removed is absent. */
export interface Applied {
  readonly rows: ReadonlyMap<
    string,
    { readonly version: number; readonly cpf: string; readonly descricao: string | null }
  >;
  /** After the last page. */
  position(): string;
  /** Every change that came, those that came twice among them. */
  readonly changes: readonly Change[];
  /** Resolves when everything committed before this call has come. */
  upToDate(): Promise<void>;
  stop(): Promise<void>;
}

/** Follows and applies: a change replaces what is there unless that has a higher version. */
export function apply(source: ChangeSource, index: string, position: string, copied: readonly Change[] = []): Applied {
  const rows = new Map<string, { version: number; cpf: string; descricao: string | null }>();
  const versions = new Map<string, number>();
  const changes: Change[] = [];
  const stopping = new AbortController();
  let upToDateAt = Number.NEGATIVE_INFINITY;
  let reached = position;
  const take = (change: Change): void => {
    changes.push(change);
    const { id } = 'removed' in change ? change.removed : change.row;
    if (change.version < (versions.get(id) ?? Number.NEGATIVE_INFINITY)) return;
    versions.set(id, change.version);
    if ('removed' in change) rows.delete(id);
    else rows.set(id, { version: change.version, cpf: change.row.cpf!, descricao: change.row.descricao });
  };
  for (const change of copied) take(change);
  let failure: unknown;
  const following = (async () => {
    for await (const page of source.follow(index, position, stopping.signal)) {
      for (const change of page.changes) take(change);
      reached = page.position;
      source.acknowledge(reached);
      if (page.upToDateAt) upToDateAt = page.upToDateAt.getTime();
    }
  })().catch((error: unknown) => void (failure = error));
  return {
    rows,
    changes,
    position: () => reached,
    async upToDate() {
      const now = Date.now();
      while (upToDateAt <= now && !failure) await sleep(10);
      if (failure) throw failure;
    },
    async stop() {
      stopping.abort();
      await following;
    },
  };
}

/** What the port promises, for each of its adapters. */
export function changeSourceContract(name: string, start: () => Promise<SourceUnderTest>): void {
  describe(`ChangeSource by ${name}`, () => {
    let tested: SourceUnderTest;
    let cpf: Cpf;
    let index: string;
    let made = 0;
    const sources: ChangeSource[] = [];
    const open = (): ChangeSource => {
      const source = tested.open();
      sources.push(source);
      return source;
    };
    beforeAll(async () => void (tested = await start()));
    beforeEach(async () => {
      await tested.owner.query('DELETE FROM titular');
      cpf = await addTitular(tested.owner);
      index = `teste-v1-${++made}`;
    });
    afterEach(async () => {
      await sources[0]?.forget(index);
      await Promise.all(sources.splice(0).map((source) => source.close()));
    });
    afterAll(() => tested.close());

    /** From nothing, as a new index is filled. */
    async function begin(source = open()): Promise<Applied> {
      const { position, copy } = await source.begin(index);
      const copied: Change[] = [];
      for await (const { changes } of copy(new AbortController().signal)) copied.push(...changes);
      return apply(source, index, position, copied);
    }
    const idsOf = ({ rows }: Applied): string[] => [...rows.keys()].toSorted();

    it('accepts a base that has what it needs', async () => {
      await expect(open().check()).resolves.toEqual([]);
    });

    it('yields every existing posting, in any number of pages', async () => {
      const ids = Array.from({ length: 23 }, (_, i) => `p-${String(i).padStart(2, '0')}`);
      await addMovimentacoes(tested.owner, cpf, ...ids.map((id) => ({ id })));
      const applied = await begin();
      await applied.upToDate();
      expect(idsOf(applied)).toEqual(ids);
      await applied.stop();
    });

    it('yields later inserts and updates, a later one with a higher version', async () => {
      await addMovimentacoes(tested.owner, cpf, { id: 'm-1' });
      const applied = await begin();
      await addMovimentacoes(tested.owner, cpf, { id: 'm-2' });
      await applied.upToDate();
      const [first, second] = [applied.rows.get('m-1')!, applied.rows.get('m-2')!];
      expect(second.version).toBeGreaterThan(first.version);
      await tested.owner.query("UPDATE movimentacao SET descricao = 'outra' WHERE id = 'm-1'");
      await applied.upToDate();
      expect(applied.rows.get('m-1')!.descricao).toBe('outra');
      expect(applied.rows.get('m-1')!.version).toBeGreaterThan(second.version);
      await applied.stop();
    });

    it('has everything that was committed before the instant at which it is up to date', async () => {
      const applied = await begin();
      for (let i = 0; i < 5; i++) {
        await addMovimentacoes(tested.owner, cpf, { id: `u-${i}` });
        await applied.upToDate();
        expect(applied.rows).toHaveProperty('size', i + 1);
      }
      await applied.stop();
    });

    it('yields nothing of a transaction that was rolled back', async () => {
      const applied = await begin();
      await inTransaction(tested.owner, async (client) => {
        await insertWith(client, cpf, 'r-1');
        await applied.upToDate();
        await client.query('ROLLBACK');
      });
      await addMovimentacoes(tested.owner, cpf, { id: 'r-2' });
      await applied.upToDate();
      expect(idsOf(applied)).toEqual(['r-2']);
      await applied.stop();
    });

    it('yields every change of a transaction that begins first and commits last', async () => {
      const applied = await begin();
      await inTransaction(tested.owner, async (late) => {
        await insertWith(late, cpf, 'late');
        await addMovimentacoes(tested.owner, cpf, { id: 'early-1' }, { id: 'early-2' });
        await applied.upToDate();
        await applied.upToDate();
        expect(idsOf(applied)).toEqual(['early-1', 'early-2']);
        await late.query('COMMIT');
      });
      await applied.upToDate();
      expect(idsOf(applied)).toEqual(['early-1', 'early-2', 'late']);
      await applied.stop();
    });

    it('yields them also when it was stopped and started in between', async () => {
      const applied = await begin();
      let position = '';
      await inTransaction(tested.owner, async (late) => {
        await insertWith(late, cpf, 'late');
        await addMovimentacoes(tested.owner, cpf, { id: 'early' });
        await applied.upToDate();
        await applied.upToDate();
        position = applied.position();
        await applied.stop();
        await late.query('COMMIT');
      });
      const again = apply(open(), index, position);
      await again.upToDate();
      expect([...again.rows.keys()]).toContain('late');
      await again.stop();
    });

    it('continues from any position that it yielded, at random overlaps of transactions', async () => {
      let applied = await begin();
      const expected = new Map<string, string>();
      const writers = await Promise.all(Array.from({ length: 3 }, () => tested.owner.connect()));
      const random = seeded(20261125);
      const underWay = writers.map((): string[] | undefined => undefined);
      for (let step = 0; step < 60; step++) {
        const who = random(writers.length);
        const writer = writers[who]!;
        if (!underWay[who]) {
          await writer.query('BEGIN');
          underWay[who] = [];
        }
        const id = `s-${step}`;
        await insertWith(writer, cpf, id);
        underWay[who]!.push(id);
        if (random(3) === 0) {
          const isCommit = random(4) > 0;
          await writer.query(isCommit ? 'COMMIT' : 'ROLLBACK');
          if (isCommit) for (const openId of underWay[who]!) expected.set(openId, cpf);
          underWay[who] = undefined;
        }
        if (random(8) === 0) {
          // As a process that is killed: whatever came after the position it wrote down is forgotten.
          const position = applied.position();
          const appliedChanges = [...applied.changes];
          await applied.stop();
          applied = apply(open(), index, position, appliedChanges);
        }
      }
      for (const writer of writers) {
        await writer.query('ROLLBACK');
        writer.release();
      }
      await applied.upToDate();
      expect(idsOf(applied)).toEqual([...expected.keys()].toSorted());
      await applied.stop();
    });

    it('ends only by its signal', async () => {
      const applied = await begin();
      await applied.upToDate();
      await applied.upToDate();
      await applied.stop();
    });
  });
}

export async function inTransaction(owner: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await owner.connect();
  try {
    await client.query('BEGIN');
    await work(client);
  } finally {
    client.release();
  }
}

export const insertWith = (client: PoolClient, cpf: Cpf, id: string): Promise<unknown> =>
  client.query(
    `INSERT INTO movimentacao (id, cpf, data_hora, natureza, tipo, valor, situacao, palavras)
     VALUES ($1, $2, '2026-11-20T12:00:00Z', 'DEBITO', 'PIX', 10, 'TRANSACAO_EFETIVADA', '{}')`,
    [id, cpf],
  );

/** Whole numbers below a bound, the same in every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
