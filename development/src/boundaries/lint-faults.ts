import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@pessoa/operations/system/home';
import { forbidden, permitted, type Planted } from './planted-imports.ts';

interface Finding {
  readonly filename: string;
  readonly code?: string;
}

interface Expected extends Planted {
  /** The rule that refuses it; undefined: none does. */
  readonly rule: string | undefined;
  readonly path: string;
}

const expected: readonly Expected[] = [
  ...Object.entries(forbidden).flatMap(([rule, planted]) => planted.map((one) => ({ ...one, rule }))),
  ...permitted.map((one) => ({ ...one, rule: undefined })),
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

/** Writes each planted import, lints it and removes it: what should have been refused and was not, and the reverse. */
export function lintFaults(): string[] {
  const removeAll = (): void => {
    for (const { path } of expected) rmSync(join(root, path), { force: true });
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    removeAll();
    process.kill(process.pid, signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, onSignal);
  let findings: readonly Finding[];
  try {
    for (const { folder, path, code } of expected) {
      if (!existsSync(join(root, folder))) throw new Error(`there is no folder ${folder}: mend planted-imports.ts`);
      writeFileSync(join(root, path), code, { flag: 'wx' });
    }
    findings = lint(expected.map(({ path }) => path));
  } finally {
    removeAll();
    for (const signal of signals) process.off(signal, onSignal);
  }
  return expected.flatMap(({ rule, path, code }) => {
    const found = findings.filter(({ filename }) => filename === path).map((finding) => finding.code ?? '');
    if (rule === undefined ? found.length === 0 : found.includes(rule)) return [];
    const outcome = rule === undefined ? `refused by ${found.join(', ')}` : `not refused by ${rule}`;
    return [`${path}: ${outcome}: ${code.split('\n')[0]}`];
  });
}
