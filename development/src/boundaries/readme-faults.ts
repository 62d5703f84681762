import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@pessoa/operations/system/home';
import { importLines } from './allowed-dependencies.ts';
import type { Workspace } from './workspaces.ts';

/** One sentence for each line on imports that a workspace's README.md lacks. */
export function readmeFaults(workspaces: readonly Workspace[]): string[] {
  return workspaces.flatMap(({ name, folder }) => {
    const file = join(root, folder, 'README.md');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    return importLines(name)
      .filter((line) => !lines.includes(line))
      .map((line) => `${folder}/README.md lacks the line: ${line}`);
  });
}
