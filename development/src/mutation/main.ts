import { type Command, readArguments, runCommand } from '@pessoa/service/processes/command-line';
import { TEST_CLUSTER_VARIABLE, startTestCluster } from '@pessoa/testkit/test-cluster';
import type { Fault } from './fault.ts';
import { faultsByArea } from './faults.ts';
import { passes, plant, type Verdict } from './plant.ts';
import { copyProject } from './project-copy.ts';

const command = {
  name: 'npm run mutation',
  about:
    'Plants small faults in a copy of the project, one at a time, and runs the suites that stand beside each.\n' +
    'With words: only the faults whose area, file or description holds one of them.\n' +
    'Ends with 1 when a fault survives without a reason, or its passage is no longer in the code.',
  args: '[WORD ...]',
  options: {},
  more: [`Areas: ${Object.keys(faultsByArea).join(', ')}`],
} as const satisfies Command;

interface Judged {
  readonly area: string;
  readonly fault: Fault;
  readonly verdict: Verdict;
}

const printLine = (line: string): boolean => process.stdout.write(`${line}\n`);

function wantedBy(words: readonly string[]): { area: string; fault: Fault }[] {
  const isWanted = (area: string, { file, says }: Fault): boolean =>
    words.length === 0 || words.some((word) => [area, file, says].some((text) => text.includes(word)));
  return Object.entries(faultsByArea).flatMap(([area, faults]) =>
    faults.filter((fault) => isWanted(area, fault)).map((fault) => ({ area, fault })),
  );
}

async function judge(wanted: readonly { area: string; fault: Fault }[]): Promise<Judged[]> {
  const copy = await copyProject();
  // One cluster serves every run: the suites make databases of their own on it.
  const stopCluster = await startTestCluster();
  // oxlint-disable-next-line node/no-process-env -- handed on to jest, with the cluster that was just put there
  const env = { ...process.env, [TEST_CLUSTER_VARIABLE]: process.env[TEST_CLUSTER_VARIABLE] };
  const verdicts: Judged[] = [];
  try {
    const suites = [...new Set(wanted.flatMap(({ fault }) => fault.suites))];
    if (!(await passes(suites, copy.folder, env, 'inherit')))
      throw new Error('the suites fail without any fault: mend them first');
    for (const { area, fault } of wanted) {
      const verdict = await plant(fault, copy.folder, env);
      verdicts.push({ area, fault, verdict });
      printLine(`${verdict.padEnd(8)} ${area}: ${fault.says} (${fault.file})`);
    }
  } finally {
    await stopCluster();
    await copy.remove();
  }
  return verdicts;
}

function report(verdicts: readonly Judged[]): void {
  const count = (verdict: Verdict): number => verdicts.filter((one) => one.verdict === verdict).length;
  const unexplained = verdicts.filter(({ verdict, fault }) => verdict === 'survived' && !fault.survivesBecause);
  for (const { fault } of verdicts.filter(
    ({ verdict, fault: { survivesBecause } }) => verdict === 'noticed' && survivesBecause,
  ))
    printLine(`noticed, though a reason says that it cannot be: ${fault.says}`);
  printLine(
    `${count('noticed')} of ${verdicts.length} noticed, ${count('survived')} survived (${unexplained.length} without a reason), ${count('stale')} stale`,
  );
  if (unexplained.length + count('stale') > 0) process.exitCode = 1;
}

await runCommand(command, async (args) => report(await judge(wantedBy(readArguments(command, args).positionals))));
