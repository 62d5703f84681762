import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDemonstration } from '../../src/development/demonstration-file.ts';
import { ensureDevelopmentKeys } from '../../src/development/development-keys.ts';
import { writeAtomically } from '../../src/processes/atomic-file.ts';

/** What a full disk, a power cut or an editor may leave of a file. */
const DAMAGED_CONTENTS = [
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

  it.each(DAMAGED_CONTENTS)('with secrets is named together with a remedy when it contains %j', async (content) => {
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

  it.each(DAMAGED_CONTENTS)('with the key set is made again from the secrets when it contains %j', async (content) => {
    const { jwksFile } = await ensureDevelopmentKeys(home);
    const jwks = await readFile(jwksFile, 'utf8');
    expect(jwks).not.toContain('"d":');
    await writeFile(jwksFile, content);
    await ensureDevelopmentKeys(home);
    expect(await readFile(jwksFile, 'utf8')).toBe(jwks);
    await rm(jwksFile);
    await ensureDevelopmentKeys(home);
    expect(await readFile(jwksFile, 'utf8')).toBe(jwks);
  });

  it.each(DAMAGED_CONTENTS)('about the loaded people is named when it contains %j', async (content) => {
    const file = join(home, 'demonstration.json');
    await writeFile(file, content);
    await expect(readDemonstration(home)).rejects.toThrow(`${file} was damaged or changed: `);
  });

  it('about the loaded people that an older version wrote is read, without people to try', async () => {
    const older = { pessoas: 9, seed: 1, hoje: '2026-01-01', exemplo: '52998224725', fingerprint: 'x' };
    await writeFile(join(home, 'demonstration.json'), JSON.stringify(older));
    expect(await readDemonstration(home)).toEqual({ ...older, paraExperimentar: [] });
  });

  it('that cannot be read is an error, and does not count as missing', async () => {
    await mkdir(join(home, 'demonstration.json'));
    await expect(readDemonstration(home)).rejects.toThrow('demonstration.json cannot be read (EISDIR)');
  });

  it('is unchanged when it cannot be replaced, and no unfinished file is left', async () => {
    const place = join(home, 'place');
    await mkdir(join(place, 'x'), { recursive: true });
    await expect(writeAtomically(place, 'new')).rejects.toThrow();
    expect((await readdir(home)).toSorted()).toEqual(['keys', 'place']);
  });

  it('that is to be durable is written too, and its folder is flushed', async () => {
    const file = join(home, 'durable');
    await writeAtomically(file, 'old', { isDurable: true });
    await writeAtomically(file, 'new', { isDurable: true });
    expect(await readFile(file, 'utf8')).toBe('new');
    expect((await readdir(home)).toSorted()).toEqual(['durable', 'keys']);
    await expect(writeAtomically(join(home, 'none', 'file'), 'new', { isDurable: true })).rejects.toThrow('ENOENT');
  });
});
