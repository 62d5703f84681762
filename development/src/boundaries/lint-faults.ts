import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@pessoa/operations/system/home';
import { forbidden, permitted, type PlantedImport } from './planted-imports.ts';

interface Finding {
  readonly filename: string;
  readonly code?: string;
}

interface ExpectedFinding extends PlantedImport {
  /** The rule that must refuse the import; undefined: no rule may. */
  readonly rule: string | undefined;
  readonly path: string;
}

const expectedFindings: readonly ExpectedFinding[] = [
  ...Object.entries(forbidden).flatMap(([rule, plantedImport]) =>
    plantedImport.map((plantedImport) => ({ ...plantedImport, rule })),
  ),
  ...permitted.map((plantedImport) => ({ ...plantedImport, rule: undefined })),
].map((planted, place) => {
  const [stem, ending] = [planted.file?.replace(/\.ts$/, '') ?? 'planted', `-${process.pid}-${place}.ts`];
  return { ...planted, path: `${planted.folder}/${stem}${ending}` };
});

function lint(paths: readonly string[]): readonly Finding[] {
  const { stdout, stderr } = spawnSync('npx', ['oxlint', '--deny-warnings', '--format', 'json', ...paths], {
    cwd: root,
    encoding: 'utf8',
  });
  try {
    return (JSON.parse(stdout) as { readonly diagnostics: readonly Finding[] }).diagnostics;
  } catch (cause) {
    throw new Error(`oxlint did not run: ${stderr || stdout}`, { cause });
  }
}

/**
 * Writes each planted import into a file, lints all of them, and removes them.
 * @returns one sentence for each forbidden import that lint accepts, and for each permitted one that it refuses
 */
export function lintFaults(): string[] {
  const removeAll = (): void => {
    for (const { path } of expectedFindings) rmSync(join(root, path), { force: true });
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    removeAll();
    process.kill(process.pid, signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, onSignal);
  let findings: readonly Finding[];
  try {
    for (const { folder, path, code } of expectedFindings) {
      if (!existsSync(join(root, folder))) throw new Error(`there is no folder ${folder}: mend planted-imports.ts`);
      writeFileSync(join(root, path), code, { flag: 'wx' });
    }
    findings = lint(expectedFindings.map(({ path }) => path));
  } finally {
    removeAll();
    for (const signal of signals) process.off(signal, onSignal);
  }
  return expectedFindings.flatMap(({ rule, path, code }) => {
    const rules = findings.filter(({ filename }) => filename === path).map((finding) => finding.code ?? '');
    if (rule === undefined ? rules.length === 0 : rules.includes(rule)) return [];
    const outcome = rule === undefined ? `refused by ${rules.join(', ')}` : `not refused by ${rule}`;
    return [`${path}: ${outcome}: ${code.split('\n')[0]}`];
  });
}
