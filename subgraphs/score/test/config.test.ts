import { createTestEnvironment, type TestEnvironment } from '@pessoa/testkit/test-environment';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { readConfig } from '../src/config.ts';

describe('The model of Score', () => {
  let bases: TestBases;
  let environment: TestEnvironment;
  beforeAll(async () => {
    bases = await openTestBases();
    environment = await createTestEnvironment(bases);
  });
  afterAll(async () => {
    await environment.close();
    await bases.drop();
  });
  const read = (variables: Record<string, string>) => readConfig({ ...environment.env, ...variables });

  it('is pessoa-2026.1 unless it is set, and no other runs beside it', () => {
    expect(read({})).toMatchObject({ model: 'pessoa-2026.1', shadowModel: undefined });
    expect(read({ SCORE_MODEL: 'pessoa-2026.2', SCORE_SHADOW_MODEL: 'pessoa-2026.1' })).toMatchObject({
      model: 'pessoa-2026.2',
      shadowModel: 'pessoa-2026.1',
    });
  });

  it.each([
    [{ SCORE_MODEL: 'pessoa-2025.1' }, 'SCORE_MODEL: is none of pessoa-2026.1, pessoa-2026.2'],
    [{ SCORE_SHADOW_MODEL: '2026.2' }, 'SCORE_SHADOW_MODEL: is none of pessoa-2026.1, pessoa-2026.2'],
    [{ SCORE_SHADOW_MODEL: 'pessoa-2026.1' }, 'SCORE_SHADOW_MODEL: is the version that answers'],
    [
      { SCORE_MODEL: 'pessoa-2026.2', SCORE_SHADOW_MODEL: 'pessoa-2026.2' },
      'SCORE_SHADOW_MODEL: is the version that answers',
    ],
  ])('is refused for %j', (variables, fault) => {
    expect(() => read(variables)).toThrow(expect.objectContaining({ faults: [fault] }));
  });
});
