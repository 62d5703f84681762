import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDemonstration } from '../../src/development/demonstration-file.ts';
import { ensureDevelopmentKeys } from '../../src/development/development-keys.ts';
import { writeAtomically } from '../../src/processes/atomic-file.ts';

/** What a full disk, a switched-off machine or an editor leaves of a file. */
const SPOILT = [
  '',
  '{"segredo',
  '{}',
  'null',
  '[]',
  '"segredo"',
  '{"privateJwk":{"kid":"segredo"}}',
  '\0\0\0\0',
  '\ufeff{}',
];

describe('A file of a data folder', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'pessoa-kept-'));
    await ensureDevelopmentKeys(home);
  });
  afterEach(() => rm(home, { recursive: true }));

  it.each(SPOILT)('with the secrets is named when it holds %j, with what may be done', async (content) => {
    const file = join(home, 'keys', 'secrets.json');
    await writeFile(file, content);
    const reading = ensureDevelopmentKeys(home);
    await expect(reading).rejects.toThrow(
      `${file} was damaged or changed: if you remove it, the next start makes new keys`,
    );
    await expect(reading).rejects.not.toThrow(/segredo/);
    await rm(file);
    await expect(ensureDevelopmentKeys(home)).resolves.toHaveProperty('cpfHashKey');
  });

  it.each(SPOILT)('with the key set is made anew when it holds %j: it follows from the secrets', async (content) => {
    const { jwksFile } = await ensureDevelopmentKeys(home);
    const whole = await readFile(jwksFile, 'utf8');
    expect(whole).not.toContain('"d":');
    await writeFile(jwksFile, content);
    await ensureDevelopmentKeys(home);
    expect(await readFile(jwksFile, 'utf8')).toBe(whole);
    await rm(jwksFile);
    await ensureDevelopmentKeys(home);
    expect(await readFile(jwksFile, 'utf8')).toBe(whole);
  });

  it.each(SPOILT)('about the people is named when it holds %j', async (content) => {
    const file = join(home, 'demonstration.json');
    await writeFile(file, content);
    await expect(readDemonstration(home)).rejects.toThrow(`${file} was damaged or changed: `);
  });

  it('about the people of another version is read, with nobody to try', async () => {
    const older = { pessoas: 9, seed: 1, hoje: '2026-01-01', exemplo: '52998224725', fingerprint: 'x' };
    await writeFile(join(home, 'demonstration.json'), JSON.stringify(older));
    expect(await readDemonstration(home)).toEqual({ ...older, paraExperimentar: [] });
  });

  it('that cannot be read is named, and is not taken for one that is not there', async () => {
    await mkdir(join(home, 'demonstration.json'));
    await expect(readDemonstration(home)).rejects.toThrow('demonstration.json cannot be read (EISDIR)');
  });

  it('stays as it was when the new one cannot be put in its place, and nothing is left beside it', async () => {
    const place = join(home, 'place');
    await mkdir(join(place, 'x'), { recursive: true });
    await expect(writeAtomically(place, 'new')).rejects.toThrow();
    expect((await readdir(home)).toSorted()).toEqual(['keys', 'place']);
  });
});
