import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { type IndexUnderTest, openIndexUnderTest } from '@pessoa/testkit/index-under-test';
import { stateIndexOf } from '../src/index-state.ts';
import { followModeOf, indexesBehind } from '../src/movimentacao-index.ts';

describe('An index of postings', () => {
  let under: IndexUnderTest;
  beforeAll(async () => {
    under = await openIndexUnderTest(cpfHasher(Buffer.alloc(32, 2)));
  });
  afterAll(() => under.close());

  const put = (id: string, version: number, document: object, routing?: string) =>
    under.client.index({
      index: under.index,
      id,
      version,
      version_type: 'external_gte',
      document,
      ...(routing !== undefined && { routing }),
    });
  const refusal = (type: string) => expect.objectContaining({ message: expect.stringContaining(type) });

  it('remembers how it is followed, for its whole life', async () => {
    expect(await followModeOf(under.client, under.index)).toBe('keyset');
    expect(await followModeOf(under.client, stateIndexOf(under.alias))).toBeUndefined();
  });

  it('takes no field that its mapping does not name', async () => {
    await expect(put('m-1', 1, { cpfHash: 'h', id: 'm-1', cpf: '0' }, 'h')).rejects.toEqual(
      refusal('strict_dynamic_mapping_exception'),
    );
  });

  it('takes no document that is not placed by its person', async () => {
    await expect(put('m-2', 1, { cpfHash: 'h', id: 'm-2' })).rejects.toEqual(refusal('routing_missing_exception'));
  });

  it('never lets an older write win, and takes the same one twice', async () => {
    const document = (descricao: string) => ({ cpfHash: 'h', id: 'm-3', descricao });
    await put('m-3', 7, document('newer'), 'h');
    await put('m-3', 7, document('the same again'), 'h');
    await expect(put('m-3', 6, document('older'), 'h')).rejects.toEqual(refusal('version_conflict_engine_exception'));
    const { _source } = await under.client.get({ index: under.index, id: 'm-3', routing: 'h' });
    expect(_source).toEqual(document('the same again'));
  });

  it('is found by its alias', async () => {
    expect(await indexesBehind(under.client, under.alias)).toEqual([under.index]);
    expect(await indexesBehind(under.client, `${under.alias}-none`)).toEqual([]);
  });
});
