import { access, constants, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finalidades } from '@pessoa/domain/finalidade';
import { readArguments, runCommand, UsageError } from '@pessoa/service/processes/command-line';
import { startProgress } from '../progress/progress.ts';
import { scriptEnvironment } from '../system/settings.ts';
import { askScores, type AskOptions } from './ask-scores.ts';
import { EvaluationError } from './evaluation-error.ts';
import { findingsOf } from './findings.ts';
import { type Label, readLabels } from './labels.ts';
import { reportPlots } from './plots/report-plots.ts';
import { reportHtml } from './report-html.ts';
import { CUT_OFF_DEFAULT, evaluate, requireOutcomes } from './report.ts';

const ROUTER_DEFAULT = 'http://localhost:4000';

const command = {
  name: 'npm run score:evaluate',
  about: 'Asks the product for the score of labelled people, and writes a report on how well it tells who defaults.',
  args: 'LABELS.csv',
  options: {
    to: { type: 'string', value: 'DIR', about: 'the folder for report.html, report.json and the plots; default: score-report' }, // prettier-ignore
    router: { type: 'string', value: 'URL', about: `default: ${ROUTER_DEFAULT}; http:// for this machine only` },
    against: { type: 'string', value: 'OTHER.csv', about: 'labels of another population, for the stability index' },
    'cut-off': { type: 'string', value: 'N', about: `the lowest score that is approved, 0 to 1000; default: ${CUT_OFF_DEFAULT}` }, // prettier-ignore
    finalidade: { type: 'string', value: 'NAME', about: 'a purpose in the token wins; default: CONCESSAO_CREDITO', values: finalidades }, // prettier-ignore
  },
  notes: [
    'PESSOA_TOKEN, or PESSOA_TOKEN_FILE, has the token, with the scopes score:read and score:detalhe',
    'LABELS.csv has the header cpf,inadimplente and a line for each person: 1 defaulted, 0 paid',
    'each person gets an inquiry of this client, which they see',
  ],
} as const;

function readOptions(args: readonly string[]) {
  const { values, positionals } = readArguments(command, args);
  const [file, ...surplus] = positionals;
  if (file === undefined || surplus.length > 0) throw new UsageError('name one file of labels');
  const cutOff = values['cut-off'] ?? String(CUT_OFF_DEFAULT);
  if (!/^\d{1,4}$/.test(cutOff) || Number(cutOff) > 1000)
    throw new UsageError('--cut-off is a whole number from 0 to 1000');
  return {
    file,
    against: values.against,
    to: values.to ?? 'score-report',
    cutOff: Number(cutOff),
    router: routerUrl(values.router ?? ROUTER_DEFAULT),
    finalidade: values.finalidade ?? 'CONCESSAO_CREDITO',
  };
}

/** Without encryption the token goes to this machine only. */
function routerUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere)) return url.origin;
  throw new UsageError('--router is an https:// URL, or http:// for this machine');
}

async function ask(labels: readonly Label[], options: Omit<AskOptions, 'onProgress'>, name: string) {
  const progress = startProgress(`score ${name}`, labels.length, 'people');
  try {
    return await askScores(labels, { ...options, onProgress: (asked) => progress.update(asked, '') });
  } finally {
    progress.stop();
  }
}

/** @throws EvaluationError PASTA_SEM_ESCRITA */
async function requireFolder(to: string): Promise<void> {
  try {
    await mkdir(to, { recursive: true });
    await access(to, constants.W_OK);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new EvaluationError('PASTA_SEM_ESCRITA', `the folder of the report cannot be written to (${code})`);
  }
}

await runCommand(command, async (args) => {
  const { file, against, to, cutOff, router, finalidade } = readOptions(args);
  const token = scriptEnvironment(process.env)['PESSOA_TOKEN'];
  if (token === undefined) throw new EvaluationError('TOKEN_AUSENTE', 'PESSOA_TOKEN has the token of the client');
  const labels = await readLabels(file);
  const otherLabels = against === undefined ? undefined : await readLabels(against);
  // Whoever is asked for gets an inquiry: not for a report that cannot be made.
  requireOutcomes(labels);
  await requireFolder(to);
  const answers = await ask(labels, { router, token, finalidade }, 'labels');
  requireOutcomes(answers.people);
  const { modelo } = answers;
  const others = otherLabels && (await ask(otherLabels, { router, token, finalidade, modelo }, 'other population'));
  const report = evaluate(answers, cutOff, others);
  const plots = reportPlots(report);
  for (const [name, svg] of Object.entries(plots)) await writeFile(join(to, `${name}.svg`), `${svg}\n`);
  await writeFile(join(to, 'report.html'), reportHtml(report, plots));
  await writeFile(join(to, 'report.json'), `${JSON.stringify({ ...report, findings: findingsOf(report) }, null, 2)}\n`);
  console.log(`${report.modelo}: ${report.people} people, ${report.bad} in default: ${join(to, 'report.html')}`);
  for (const { code, text } of findingsOf(report)) console.log(`${code}: ${text}`);
});
