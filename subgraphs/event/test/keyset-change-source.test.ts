import { openTestBases } from '@pessoa/testkit/test-bases';
import pg from 'pg';
import { RebuildNeeded } from '../src/indexer/change-source.ts';
import { keysetChangeSource } from '../src/indexer/keyset-change-source.ts';
import { addMovimentacoes, addTitular } from './base-c-rows.ts';
import {
  apply,
  changeSourceContract,
  inTransaction,
  insertWith,
  type SourceUnderTest,
} from './change-source-contract.ts';

async function start(): Promise<SourceUnderTest & { readonly reader: pg.Pool }> {
  const { baseC, drop } = await openTestBases();
  const reader = new pg.Pool({ connectionString: baseC.readerUrl, max: 4 });
  return {
    open: () => keysetChangeSource(reader, { pollMillis: 20, pageRows: 5 }),
    owner: baseC.owner,
    reader,
    async close() {
      await reader.end();
      await drop();
    },
  };
}

changeSourceContract('keyset', start);

describe('Following by keyset', () => {
  let under: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => void (under = await start()));
  afterAll(() => under.close());

  it('does not go past a number whose transaction is still under way, and does once it has ended', async () => {
    const { owner, open } = under;
    const cpf = await addTitular(owner);
    const applied = apply(open(), '', '0');
    await applied.upToDate();
    const before = Number(applied.posicao());
    await inTransaction(owner, async (late) => {
      await insertWith(late, cpf, 'k-late');
      await addMovimentacoes(owner, cpf, { id: 'k-1' }, { id: 'k-2' });
      for (let look = 0; look < 4; look++) await applied.upToDate();
      expect(applied.rows.has('k-2')).toBe(true);
      expect(Number(applied.posicao())).toBe(before);
      await late.query('COMMIT');
    });
    for (let look = 0; look < 4; look++) await applied.upToDate();
    expect(Number(applied.posicao())).toBe(applied.rows.get('k-2')!.versao);
    await applied.stop();
  });

  it('waits too for a transaction that draws its number before the newest one has drawn its own', async () => {
    const { owner, open } = under;
    const cpf = await addTitular(owner);
    const applied = apply(open(), '', '0');
    await inTransaction(owner, async (older) => {
      // Its transaction is the older one, its number the higher: no transaction younger than `late` has ended when it is seen.
      await older.query('SELECT pg_current_xact_id()');
      await inTransaction(owner, async (late) => {
        await insertWith(late, cpf, 'x-late');
        await insertWith(older, cpf, 'x-older');
        await older.query('COMMIT');
        for (let look = 0; look < 4; look++) await applied.upToDate();
        expect([applied.rows.has('x-older'), applied.rows.has('x-late')]).toEqual([true, false]);
        const posicao = applied.posicao();
        await applied.stop();
        await late.query('COMMIT');
        const again = apply(open(), '', posicao);
        await again.upToDate();
        expect(again.rows.has('x-late')).toBe(true);
        await again.stop();
      });
    });
  });

  it('does not read again, at each look, what it has read behind a transaction that stays open', async () => {
    const { owner, open } = under;
    const cpf = await addTitular(owner);
    const applied = apply(open(), '', '0');
    await inTransaction(owner, async (late) => {
      await insertWith(late, cpf, 'n-late');
      await addMovimentacoes(owner, cpf, ...Array.from({ length: 20 }, (_, i) => ({ id: `n-${i}` })));
      await applied.upToDate();
      const read = applied.changes.length;
      for (let look = 0; look < 5; look++) await applied.upToDate();
      expect(applied.changes).toHaveLength(read);
      await late.query('ROLLBACK');
    });
    await applied.stop();
  });

  it('asks for another index when the table was emptied and filled again', async () => {
    const { owner, open } = under;
    const cpf = await addTitular(owner);
    await addMovimentacoes(owner, cpf, { id: 'e-1' });
    const applied = apply(open(), '', '0');
    for (let look = 0; look < 3; look++) await applied.upToDate();
    const posicao = applied.posicao();
    await applied.stop();
    await owner.query('TRUNCATE movimentacao');
    await addMovimentacoes(owner, cpf, { id: 'e-2' });
    await expect(apply(open(), '', posicao).upToDate()).rejects.toThrow(RebuildNeeded);
  });

  it('names the column that a base lacks or keeps from our role', async () => {
    const { owner, open } = under;
    await owner.query('ALTER TABLE movimentacao RENAME versao TO outra');
    await expect(open().check()).rejects.toThrow('BASE_C_URL lacks, or keeps from our role, movimentacao.versao');
    await owner.query('ALTER TABLE movimentacao RENAME outra TO versao');
  });
});
