import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@pessoa/operations/system/home';
import { faultsByArea } from '../../src/mutation/faults.ts';

const faults = Object.entries(faultsByArea).flatMap(([area, areaFaults]) =>
  areaFaults.map((fault) => ({ area, ...fault })),
);

describe('A planted fault', () => {
  it.each(faults)('replaces a passage that its file has exactly once: $area, $description', ({ file, from, to }) => {
    expect(readFileSync(join(root, file), 'utf8').split(from)).toHaveLength(2);
    expect(to).not.toBe(from);
  });

  it.each([...new Set(faults.flatMap(({ suites }) => suites))])('names suites that exist: %s', (suite) => {
    expect([existsSync(join(root, suite)), ...globSync(`${suite}*`, { cwd: root })].some(Boolean)).toBe(true);
  });
});
