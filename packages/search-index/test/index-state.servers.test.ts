import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { type IndexUnderTest, openIndexUnderTest } from '@pessoa/testkit/index-under-test';
import {
  ensureStateIndex,
  forgetIndexState,
  type IndexState,
  readIndexState,
  stateIndexOf,
  writeIndexState,
} from '../src/index-state.ts';

const state: IndexState = {
  index: 'pessoa-test-v2-20261125120000',
  mode: 'logical',
  keyMark: 'c',
  position: '0/16B3748',
  upToDateAt: '2026-11-25T12:00:00.000Z',
  unreadablePeople: ['h'],
};

/** The state as the version before 2 wrote it, and the mapping that it made. */
const oldState = {
  indice: state.index,
  modo: state.mode,
  chave: state.keyMark,
  posicao: state.position,
  emDiaEm: state.upToDateAt,
  ilegiveis: state.unreadablePeople,
};
const oldProperties = {
  indice: { type: 'keyword' },
  modo: { type: 'keyword' },
  chave: { type: 'keyword' },
  posicao: { type: 'keyword', index: false, doc_values: false },
  emDiaEm: { type: 'date' },
  ilegiveis: { type: 'keyword', index: false, doc_values: false },
} as const;

describe('The state of an index', () => {
  let under: IndexUnderTest;
  beforeEach(async () => {
    under = await openIndexUnderTest(cpfHasher(Buffer.alloc(32, 2)));
  });
  afterEach(() => under.close());

  const read = () => readIndexState(under.client, under.alias);
  const storedAs = (document: object) =>
    under.client.index({ index: stateIndexOf(under.alias), id: 'follower', document });

  it('reads as it was last written, at once', async () => {
    expect(await read()).toBeUndefined();
    await writeIndexState(under.client, under.alias, { ...state, position: '0/0' });
    await writeIndexState(under.client, under.alias, state);
    expect(await read()).toEqual(state);
    await forgetIndexState(under.client, under.alias);
    expect(await read()).toBeUndefined();
  });

  it('is absent under an alias without a state index', async () => {
    expect(await readIndexState(under.client, `${under.alias}-none`)).toBeUndefined();
  });

  it('is absent when another version wrote it', async () => {
    await storedAs({ ...state, version: 3 });
    expect(await read()).toBeUndefined();
    await storedAs(state);
    expect(await read()).toBeUndefined();
  });

  it('is refused when it is of this version and lacks a field', async () => {
    const { position: _, ...incomplete } = state;
    await storedAs({ ...incomplete, version: 2 });
    await expect(read()).rejects.toThrow('position');
  });

  it('is absent when a version before 2 wrote it, and can be written into that state index', async () => {
    const index = stateIndexOf(under.alias);
    await under.client.indices.delete({ index });
    await under.client.indices.create({ index, mappings: { dynamic: 'strict', properties: oldProperties } });
    await storedAs(oldState);
    expect(await read()).toBeUndefined();

    await ensureStateIndex(under.client, under.alias);
    await writeIndexState(under.client, under.alias, state);
    expect(await read()).toEqual(state);
  });

  it('still takes the document of a process of a version before 2 that runs beside this one', async () => {
    const index = stateIndexOf(under.alias);
    await under.client.indices.delete({ index });
    await under.client.indices.create({ index, mappings: { dynamic: 'strict', properties: oldProperties } });
    await ensureStateIndex(under.client, under.alias);
    await storedAs(oldState);
    expect(await read()).toBeUndefined();
  });
});
