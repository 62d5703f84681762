import { type Command, readArguments, runCommand } from '@pessoa/service/processes/command-line';
import { TEST_CLUSTER_VARIABLE, startTestCluster } from '@pessoa/testkit/test-cluster';
import type { Fault } from './fault.ts';
import { faultsByArea } from './faults.ts';
import { passes, judgeFault, type Verdict } from './plant.ts';
import { copyProject } from './project-copy.ts';

const command = {
  name: 'npm run mutation',
  about:
    'Plants small faults in a copy of the project, one at a time, and runs the suites of the code.\n' +
    'With words: only faults whose area, file or description contains one of them.\n' +
    'Exit code 1 when a fault survives without a reason, or its passage is not in its file.',
  args: '[WORD ...]',
  options: {},
  notes: [`Areas: ${Object.keys(faultsByArea).join(', ')}`],
} as const satisfies Command;

interface JudgedFault {
  readonly area: string;
  readonly fault: Fault;
  readonly verdict: Verdict;
}

const printLine = (line: string): boolean => process.stdout.write(`${line}\n`);

function selectFaults(words: readonly string[]): { area: string; fault: Fault }[] {
  const isSelected = (area: string, { file, description: says }: Fault): boolean =>
    words.length === 0 || words.some((word) => [area, file, says].some((text) => text.includes(word)));
  return Object.entries(faultsByArea).flatMap(([area, faults]) =>
    faults.filter((fault) => isSelected(area, fault)).map((fault) => ({ area, fault })),
  );
}

async function judge(faults: readonly { area: string; fault: Fault }[]): Promise<JudgedFault[]> {
  const copy = await copyProject();
  // One PostgreSQL serves every run: the suites create databases of their own.
  const stopCluster = await startTestCluster();
  // oxlint-disable-next-line node/no-process-env -- jest gets it, with the cluster that was just started
  const env = { ...process.env, [TEST_CLUSTER_VARIABLE]: process.env[TEST_CLUSTER_VARIABLE] };
  const verdicts: JudgedFault[] = [];
  try {
    const suites = [...new Set(faults.flatMap(({ fault }) => fault.suites))];
    if (!(await passes(suites, copy.folder, env, 'inherit')))
      throw new Error('the suites fail without a fault: mend them first');
    for (const { area, fault } of faults) {
      const verdict = await judgeFault(fault, copy.folder, env);
      verdicts.push({ area, fault, verdict });
      printLine(`${verdict.padEnd(8)} ${area}: ${fault.description} (${fault.file})`);
    }
  } finally {
    await stopCluster();
    await copy.remove();
  }
  return verdicts;
}

function report(verdicts: readonly JudgedFault[]): void {
  const count = (verdict: Verdict): number => verdicts.filter((judged) => judged.verdict === verdict).length;
  const unexplained = verdicts.filter(({ verdict, fault }) => verdict === 'survived' && !fault.survivesBecause);
  for (const { fault } of verdicts.filter(
    ({ verdict, fault: { survivesBecause } }) => verdict === 'noticed' && survivesBecause,
  ))
    printLine(`noticed, although a reason says that no suite can: ${fault.description}`);
  printLine(
    `${count('noticed')} of ${verdicts.length} noticed, ${count('survived')} survived (${unexplained.length} without a reason), ${count('stale')} stale`,
  );
  if (unexplained.length + count('stale') > 0) process.exitCode = 1;
}

await runCommand(command, async (args) => report(await judge(selectFaults(readArguments(command, args).positionals))));
