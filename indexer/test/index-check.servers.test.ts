import type { Cpf } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { ConfigError } from '@pessoa/service/config/environment';
import { addMovimentacoes, addTitular } from '@pessoa/testkit/base-c-rows';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import type { Pool } from 'pg';
import { buildIndex, type Indexing } from '../src/build-index.ts';
import { compareIndex } from '../src/index-check.ts';
import { findDifferences } from '../src/index-differences.ts';
import { indexGenerations } from '../src/index-generations.ts';
import { repairIndex } from '../src/index-repair.ts';
import { indexWriter } from '../src/index-writer.ts';
import { type IndexerUnderTest, openIndexerUnderTest } from './indexer-under-test.ts';

describe('Comparing an index with Base C', () => {
  let bases: TestBases;
  let owner: Pool;
  let tested: IndexerUnderTest;
  let cpf: Cpf;
  beforeEach(async () => {
    bases = await openTestBases();
    owner = bases.baseC.owner;
    cpf = await addTitular(owner);
    tested = await openIndexerUnderTest({ BASE_C_URL: bases.baseC.readerUrl });
  });
  afterEach(async () => {
    await tested.close();
    await bases.drop();
  });

  const generations = () => indexGenerations(tested.indexing.client, tested.config.alias);
  const indexedIds = async (): Promise<string[]> => {
    const { hits } = await tested.indexing.client.search<{ id: string }>({ index: tested.config.alias, size: 1_000 });
    return hits.hits.map(({ _source }) => _source!.id).toSorted();
  };
  const add = (...ids: string[]) => addMovimentacoes(owner, cpf, ...ids.map((id) => ({ id })));
  const differences = async (settleMillis = 0) => {
    const { indexName, different } = await compareIndex(tested.indexing);
    return findDifferences(tested.indexing, indexName, different, { settleMillis });
  };

  it('finds and repairs every missing, surplus and changed posting', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => `k-${String(i).padStart(2, '0')}`);
    await add(...ids);
    const bia = await addTitular(owner);
    await addMovimentacoes(owner, bia, { id: 'k-bia' });
    const index = await buildIndex(tested.indexing);
    expect(await differences()).toEqual([]);

    const { client, cpfHash } = tested.indexing;
    const { rows } = await owner.query("SELECT * FROM movimentacao WHERE id IN ('k-00', 'k-01') ORDER BY id");
    const [lost, other] = rows as [{ versao: string }, { versao: string }];
    await indexWriter(client, index, cpfHash).write([
      { version: Number(lost.versao), removed: { id: 'k-00', cpf } },
      { version: Number(other.versao), row: { ...other, descricao: 'outra' } as never },
    ]);
    await owner.query("DELETE FROM movimentacao WHERE id = 'k-02'"); // following by keyset does not see removals
    await owner.query("UPDATE movimentacao SET cpf = $1 WHERE id = 'k-03'", [bia]);
    const { indexName: compared, baseC, index: indexSums, different } = await compareIndex(tested.indexing);
    expect(compared).toBe(index);
    expect(different.toSorted()).toEqual([cpfHash(cpf).slice(0, 2), cpfHash(bia).slice(0, 2)].toSorted());
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
    expect({ baseC: sum(baseC.counts), index: sum(indexSums.counts) }).toEqual({ baseC: 40, index: 40 });
    const before = await findDifferences(tested.indexing, index, different, { settleMillis: 0 });
    expect(before.map(({ kind, id, cpfHash: hash }) => [kind, id, hash === cpfHash(bia)]).toSorted()).toEqual(
      [
        ['changed', 'k-01', false],
        ['missing', 'k-00', false],
        ['missing', 'k-03', true],
        ['surplus', 'k-02', false],
        ['surplus', 'k-03', false],
      ].toSorted(),
    );
    await repairIndex(tested.indexing, index, before);
    expect(await differences()).toEqual([]);
    expect(await indexedIds()).toEqual([...ids.filter((id) => id !== 'k-02'), 'k-bia'].toSorted());
  });

  it.each([
    [
      'of another mode',
      'INDEXER_FOLLOW is logical',
      (indexing: Indexing) => ({ ...indexing, source: { ...indexing.source, mode: 'logical' as const } }),
    ],
    [
      'under another key',
      'another CPF_HASH_KEY',
      (indexing: Indexing) => ({ ...indexing, cpfHash: cpfHasher(Buffer.alloc(32, 1)) }),
    ],
  ])('neither compares nor repairs an index %s', async (_, fault, withOther) => {
    await add('w-1', 'w-2');
    const index = await buildIndex(tested.indexing);
    const missing = { kind: 'missing', bucket: '00', id: 'w-1', cpfHash: '00', version: undefined } as const;
    await expect(compareIndex(withOther(tested.indexing))).rejects.toThrow(fault);
    const repair = repairIndex(withOther(tested.indexing), index, [missing]);
    await expect(repair).rejects.toThrow(ConfigError);
    await expect(repair).rejects.toThrow(fault);
    expect(await differences()).toEqual([]);
  });

  it('gives up when more postings differ than a repair is worth', async () => {
    const index = await buildIndex(tested.indexing);
    const people = await Promise.all(Array.from({ length: 60 }, () => addTitular(owner)));
    for (const person of people) await addMovimentacoes(owner, person, { id: `d-${person}` });
    const { different } = await compareIndex(tested.indexing);
    expect(different.length).toBeGreaterThan(16);
    const find = (max: number) => findDifferences(tested.indexing, index, different, { settleMillis: 0, max });
    expect(await find(60)).toHaveLength(60);
    await expect(find(10)).rejects.toThrow('more than 10 differ: npm run index');
  });

  it('does not count a pending change as a difference', async () => {
    await tested.start();
    await tested.caughtUp();
    const index = (await generations().current())!;
    await add('l-1');
    const allBuckets = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));
    expect(await findDifferences(tested.indexing, index, allBuckets, { settleMillis: 4_000 })).toEqual([]);
  });
});
