import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FileWatch, stateOfFiles, watchFiles } from '../../src/supergraph/file-watch.ts';

const LOOK_MILLIS = 100;
const QUIET_MILLIS = 5 * LOOK_MILLIS;

describe('A watch of files', () => {
  let folder: string;
  let watch: FileWatch | undefined;
  let changes = 0;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pessoa-watch-'));
    changes = 0;
  });
  afterEach(async () => {
    await watch?.close();
    rmSync(folder, { recursive: true });
  });

  const watching = async (files: (string | URL)[], onChange: () => Promise<void>): Promise<FileWatch> =>
    watchFiles(files, await stateOfFiles(files), onChange, LOOK_MILLIS);
  const file = (name: string): string => join(folder, name);
  const count = async (): Promise<void> => void changes++;
  async function untilChanges(expected: number): Promise<void> {
    const deadline = performance.now() + 15_000;
    while (changes < expected && performance.now() < deadline) await sleep(20);
    await sleep(QUIET_MILLIS);
    expect(changes).toBe(expected);
  }

  it('notices each way to change one of them, once', async () => {
    for (const name of ['a', 'b']) writeFileSync(file(name), '1');
    watch = await watching([file('a'), pathToFileURL(file('b'))], count);
    await untilChanges(0);
    writeFileSync(file('a'), '2');
    await untilChanges(1);
    writeFileSync(file('next'), '3');
    renameSync(file('next'), file('b'));
    await untilChanges(2);
    unlinkSync(file('a'));
    await untilChanges(3);
    writeFileSync(file('a'), '2');
    await untilChanges(4);
  });

  it('notices that a folder in its path is another one, as Kubernetes changes a mount', async () => {
    for (const version of ['v1', 'v2']) {
      mkdirSync(file(version));
      writeFileSync(join(file(version), 'a'), version);
    }
    symlinkSync('v1', file('data'));
    watch = await watching([join(file('data'), 'a')], count);
    await untilChanges(0);
    symlinkSync('v2', file('next'));
    renameSync(file('next'), file('data'));
    await untilChanges(1);
  });

  it('notices what changed after the state that is known', async () => {
    writeFileSync(file('a'), '1');
    const since = await stateOfFiles([file('a')]);
    writeFileSync(file('a'), '22');
    watch = watchFiles([file('a')], since, count, LOOK_MILLIS);
    await untilChanges(1);
  });

  it('takes no file that is being written', async () => {
    writeFileSync(file('a'), '1');
    watch = await watching([file('a')], count);
    await sleep(QUIET_MILLIS);
    for (let step = 0; step < 60; step++) {
      writeFileSync(file('a'), '.'.repeat(step));
      await sleep(LOOK_MILLIS / 5);
    }
    expect(changes).toBe(0);
    await untilChanges(1);
  });

  it('does not notice a change while the one before it is taken, but after it', async () => {
    writeFileSync(file('a'), '1');
    const { promise: taken, resolve: take } = Promise.withResolvers<void>();
    const takeFirst = (): Promise<void> => (++changes === 1 ? taken : Promise.resolve());
    watch = await watching([file('a')], takeFirst);
    await sleep(QUIET_MILLIS);
    writeFileSync(file('a'), '2');
    await untilChanges(1);
    writeFileSync(file('a'), '3');
    await untilChanges(1);
    take();
    await untilChanges(2);
  });
});
